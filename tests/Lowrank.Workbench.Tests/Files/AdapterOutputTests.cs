namespace Lowrank.Workbench.Tests;

public class AdapterOutputTests
{
    [Theory]
    [InlineData("out/style.safetensors")]
    [InlineData("out/style")]
    [InlineData("out/style/")]
    public void ItsNameIsTheFolderOrTheFileWithoutEnding(string path) => Assert.Equal("style", new AdapterOutput(path, "peft").Name);
}
