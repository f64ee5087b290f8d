namespace Lowrank.Workbench.Tests;

public class PromptFileTests
{
    [Fact]
    public void EmptyLinesAndRemarksAreLeftOut()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["prompts.txt"], "# remark\n a cat \n\na dog, # not a remark\n");
        Assert.Equal(["a cat", "a dog, # not a remark"], PromptFile.Read(folder["prompts.txt"]));
    }

    [Fact]
    public void AMissingOrEmptyFileIsAnErrorThatNamesIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["empty.txt"], "\n");
        Assert.Contains("empty.txt", Assert.Throws<LowrankException>(() => PromptFile.Read(folder["empty.txt"])).Message);
        Assert.Contains("none.txt", Assert.Throws<LowrankException>(() => PromptFile.Read(folder["none.txt"])).Message);
    }
}
