namespace Lowrank.Workbench.Tests;

public class AdapterArgumentTests
{
    [Theory]
    [InlineData("ink.safetensors", "ink.safetensors", 1.0)]
    [InlineData("ink.safetensors:0.8", "ink.safetensors", 0.8)]
    [InlineData("ink.safetensors:-1", "ink.safetensors", -1.0)]
    [InlineData(@"C:\loras\ink.safetensors", @"C:\loras\ink.safetensors", 1.0)]
    [InlineData("C:/loras/ink.safetensors:0.5", "C:/loras/ink.safetensors", 0.5)]
    [InlineData("dir:with:colons/ink.safetensors:2", "dir:with:colons/ink.safetensors", 2.0)]
    public void FileAndStrengthAreToldApart(string text, string path, double strength)
    {
        var (choice, fault) = AdapterArgument.Parse(text);
        Assert.Null(fault);
        Assert.Equal(new AdapterChoice(path, strength), choice);
    }

    [Theory]
    [InlineData("ink.safetensors:strong")]
    [InlineData("ink.safetensors:nan")]
    [InlineData("ink.safetensors:")]
    [InlineData(":0.5")]
    public void OtherStrengthsAreRefusedWithAnExample(string text)
    {
        var (choice, fault) = AdapterArgument.Parse(text);
        Assert.Null(choice);
        Assert.Contains("safetensors:0.8", fault);
    }
}
