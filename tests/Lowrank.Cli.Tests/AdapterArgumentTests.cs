namespace Lowrank.Cli.Tests;

public class AdapterArgumentTests
{
    [Theory]
    [InlineData("ink.safetensors", "ink.safetensors", 1.0)]
    [InlineData("ink.safetensors:0.8", "ink.safetensors", 0.8)]
    [InlineData("ink.safetensors:-1", "ink.safetensors", -1.0)]
    [InlineData(@"C:\loras\ink.safetensors", @"C:\loras\ink.safetensors", 1.0)]
    [InlineData("C:/loras/ink.safetensors:0.5", "C:/loras/ink.safetensors", 0.5)]
    [InlineData("dir:with:colons/ink.safetensors:2", "dir:with:colons/ink.safetensors", 2.0)]
    public void File_and_strength_are_told_apart(string text, string path, double strength)
    {
        var (argument, fault) = AdapterArgument.Parse(text);
        Assert.Null(fault);
        Assert.Equal(new AdapterArgument(path, strength), argument);
    }

    [Theory]
    [InlineData("ink.safetensors:strong")]
    [InlineData("ink.safetensors:nan")]
    [InlineData("ink.safetensors:")]
    [InlineData(":0.5")]
    public void Other_strengths_are_refused_with_an_example(string text)
    {
        var (argument, fault) = AdapterArgument.Parse(text);
        Assert.Null(argument);
        Assert.Contains("safetensors:0.8", fault);
    }
}
