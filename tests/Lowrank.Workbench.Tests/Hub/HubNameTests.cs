namespace Lowrank.Workbench.Tests;

public class HubNameTests
{
    [Theory]
    [InlineData("hf:owner/name", "owner", "name", null, null)]
    [InlineData("hf:Owner/Na-me_1.5@main", "Owner", "Na-me_1.5", "main", null)]
    [InlineData("hf:o/n//a/b.safetensors", "o", "n", null, "a/b.safetensors")]
    [InlineData("hf:o/n@refs/pr/1//sub", "o", "n", "refs/pr/1", "sub")]
    [InlineData("hf:o/n//a@b.safetensors", "o", "n", null, "a@b.safetensors")]
    public void ANameIsTakenApartAndWrittenAsItWas(string text, string owner, string name, string? revision, string? path)
    {
        Assert.True(HubName.IsMeant(text));
        Assert.Equal(new HubName(owner, name, revision, path), HubName.Read(text));
        Assert.Equal(text, HubName.Read(text).ToString());
        Assert.Equal(HubName.Read(text), HubName.Read(text[3..]));
    }

    [Theory]
    [InlineData("hf:gpt2", "owner")]
    [InlineData("hf:", "owner")]
    [InlineData("hf:a/b/c", "owner")]
    [InlineData("hf://a/b", "owner")]
    [InlineData("hf:a/b@", "revision")]
    [InlineData("hf:a/b@x..y/../..", "revision")]
    [InlineData("hf:a/..", "'..'")]
    [InlineData("hf:a/b c", "'b c'")]
    [InlineData("hf:a/b--c", "'b--c'")]
    [InlineData("hf:a/b//../c", "leads out")]
    [InlineData("hf:a/b///etc/passwd", "leads out")]
    [InlineData("hf:a/b//", "0 characters")]
    [InlineData("hf:a/b:0.8", "strength")]
    [InlineData("hf:a/b//c.safetensors:1", "strength")]
    public void WhatIsNoNameIsToldWhy(string text, string why) => Assert.Contains(why, HubName.Parse(text).Fault);

    [Theory]
    [InlineData("hf:a/b", "hf:a/b", 1)]
    [InlineData("hf:a/b:0.8", "hf:a/b", 0.8)]
    [InlineData("hf:a/b@main//x.safetensors:0.8", "hf:a/b@main//x.safetensors", 0.8)]
    [InlineData("hf:a/b//x.safetensors:-1", "hf:a/b//x.safetensors", -1)]
    [InlineData("hf:0.8", "hf", 0.8)]   // a file of that name
    public void ALastNumberIsAlwaysAStrength(string text, string path, double strength)
    {
        Assert.Equal((new AdapterChoice(path, strength), (string?)null), AdapterArgument.Parse(text));
        Assert.Equal((new AdapterChoice(path, strength), (string?)null), DrawnAdapterArgument.Parse(text));
    }

    [Theory]
    [InlineData("hf:a/b:strong", "'strong' is not a strength")]
    [InlineData("hf:gpt2", "owner")]
    [InlineData("hf:gpt2:0.5", "owner")]
    public void AnAdapterThatIsNoNameIsAFaultOfTheCommandLine(string text, string why)
    {
        Assert.Contains(why, AdapterArgument.Parse(text).Fault);
        Assert.Contains(why, DrawnAdapterArgument.Parse(text).Fault);
    }

    [Theory]
    [InlineData("hf:o/style//ink.safetensors:0.8:te=0.5", "hf:o/style//ink.safetensors", "<lora:ink:0.8:0.8:te=0.5>")]
    [InlineData("hf:o/style@v1:te=0.5", "hf:o/style@v1", "<lora:style:1:1:te=0.5>")]
    [InlineData("hf:o/style:1,0.5@10", "hf:o/style", "<lora:style:1,0.5@10>")]
    [InlineData("hf:o/12@10:0.5@10", null, null)]
    public void SettingsStandBehindANameAsBehindAFile(string text, string? path, string? tag)
    {
        var (choice, fault) = DrawnAdapterArgument.Parse(text);
        if (path is null) return;   // read without a fall, whatever it is
        Assert.Null(fault);
        Assert.Equal((path, tag), (choice!.Path, ((TaggedAdapter)choice).Tag.Text));
    }
}
