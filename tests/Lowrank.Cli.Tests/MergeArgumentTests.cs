namespace Lowrank.Cli.Tests;

public class MergeArgumentTests
{
    [Fact]
    public void StrengthsOfPartsAndBlocksStandBehindTheFile()
    {
        var (choice, fault) = MergeArgument.Parse("a/b.safetensors:0.8:te=0.5:unet=-1:lbw=1,0,.5");
        Assert.Null(fault);
        Assert.Equal(("a/b.safetensors", 0.8), (choice!.Path, choice.Strength));
        Assert.Equal(0.5, choice.Components["text_encoder_2"]);
        Assert.Equal(-1, choice.Components["unet"]);
        Assert.Equal([1, 0, 0.5], choice.Blocks!);
    }

    [Fact]
    public void WhatIsLeftOutIs1()
    {
        Assert.Equal(1, MergeArgument.Parse("b.safetensors").Choice!.Strength);
        Assert.Equal(1, MergeArgument.Parse("b.safetensors:te1=0").Choice!.Strength);
    }

    [Theory, InlineData("a:te=0.5:te1=1"), InlineData("a:te1=1:te=0.5")]
    public void OneTextEncodersStrengthStandsBeforeThatOfBoth(string text)
    {
        var components = MergeArgument.Parse(text).Choice!.Components;
        Assert.Equal((1, 0.5), (components["text_encoder"], components["text_encoder_2"]));
    }

    [Theory]
    [InlineData("a:1:xy=2")]
    [InlineData("a:1:te=")]
    [InlineData("a:1:lbw=1,,2")]
    [InlineData("a:much")]
    [InlineData("a:0.8:unet=0.8:unet=0.1")]
    [InlineData("a:lbw=1,1:lbw=0,0")]
    [InlineData("a:te=1:te1=0:te2=0.5")]
    public void WhatIsNotUnderstoodIsSaid(string text) => Assert.NotNull(MergeArgument.Parse(text).Fault);
}
