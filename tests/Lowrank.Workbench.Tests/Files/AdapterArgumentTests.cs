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
    [InlineData("ink.safetensors:0.8:te=0.5", "ink.safetensors", "<lora:ink:0.8:0.8:te=0.5>")]
    [InlineData("ink.safetensors:1,0.5@2:te=0.25", "ink.safetensors", "<lora:ink:1,0.5@2:1,0.5@2:te=0.25>")]
    [InlineData("a/ink.safetensors:te=1,0@10:unet=0.8", "a/ink.safetensors", "<lora:ink:1:te=1,0@10:unet=0.8>")]
    [InlineData("ink.safetensors:1,0.5@0.5", "ink.safetensors", "<lora:ink:1,0.5@0.5>")]
    [InlineData("ink.safetensors:0.7:step=5-20:lbw=MIDD", "ink.safetensors", "<lora:ink:0.7:step=5-20:lbw=MIDD>")]
    [InlineData(@"C:\loras\ink.safetensors:1,0@3", @"C:\loras\ink.safetensors", null)]
    public void WhatStandsBehindTheFileIsReadAsInATag(string text, string path, string? tag)
    {
        var (choice, fault) = DrawnAdapterArgument.Parse(text);
        Assert.Null(fault);
        var tagged = Assert.IsType<TaggedAdapter>(choice);
        Assert.Equal(path, tagged.Path);
        if (tag is null) return;
        Assert.Equal(tag, tagged.Tag.Text);
        // An axis or a line of prompts gives it another strength, in both parts.
        var other = Assert.IsType<TaggedAdapter>(tagged.WithStrength(0.25));
        Assert.Equal((0.25, 0.25, false), (other.Tag.TextStrength, other.Tag.UNetStrength, other.Tag.HasSchedules));
        var again = Assert.Single(PromptTags.Read(other.Tag.Text).Adapters);
        Assert.Equal((0.25, 0.25, false), (again.TextStrength, again.UNetStrength, again.HasSchedules));
    }

    [Theory]
    [InlineData("ink.safetensors:0.8:tee=0.5", "tee=0.5 means nothing")]
    [InlineData("ink.safetensors:0.8:te=much", "\"much\" is no number")]
    [InlineData("ink.safetensors:1,0", "not a strength")]
    public void WhatATagWouldNotHeedIsRefused(string text, string said)
    {
        var (choice, fault) = DrawnAdapterArgument.Parse(text);
        Assert.Null(choice);
        Assert.Contains(said, fault);
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

    [Fact]
    public void ANameThatEndsAsAStrengthDoesIsAName()
    {
        using var folder = new TemporaryFolder();
        string text = folder["ink:0.5"];
        Assert.Equal(new AdapterChoice(folder["ink"], 0.5), AdapterArgument.Parse(text).Choice);
        Directory.CreateDirectory(text);
        Assert.Equal(new AdapterChoice(text), AdapterArgument.Parse(text).Choice);
        Assert.Equal(new AdapterChoice(text, 0.8), AdapterArgument.Parse(text + ":0.8").Choice);
        Directory.CreateDirectory(folder["ink"]);
        Assert.Equal(new AdapterChoice(folder["ink"], 0.5), AdapterArgument.Parse(text).Choice);
    }
}
