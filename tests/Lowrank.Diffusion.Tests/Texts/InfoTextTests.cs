using CsCheck;

namespace Lowrank.Diffusion.Tests;

public sealed class InfoTextTests
{
    const string FromWebUi = """
        a photo of a (red:1.2) fox, <lora:ink:0.8>
        second line
        Negative prompt: blurry, bad: hands
        really
        Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 4294967295, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned, Clip skip: 2, Lora hashes: "ink: 1a2b3c4d5e6f, b: 0123", Version: v1.10.1
        """;

    [Fact]
    public void AWebUisTextIsUnderstood()
    {
        var info = InfoText.Parse(FromWebUi.ReplaceLineEndings("\n"));
        Assert.Equal("a photo of a (red:1.2) fox, <lora:ink:0.8>\nsecond line", info.Prompt);
        Assert.Equal("blurry, bad: hands\nreally", info.NegativePrompt);
        Assert.Equal("DPM++ 2M", info["Sampler"]);
        Assert.Equal(7.5, info.Number("CFG scale"));
        Assert.Equal((512, 768), info.Size);
        Assert.Equal("ink: 1a2b3c4d5e6f, b: 0123", info["Lora hashes"]);
        Assert.Equal(FromWebUi.ReplaceLineEndings("\n"), info.Format());
    }

    [Fact]
    public void ALastLineWithFewFieldsIsThePrompts()
    {
        var info = InfoText.Parse("a sign: stop\nstyle: ink, mood: calm");
        Assert.Equal("a sign: stop\nstyle: ink, mood: calm", info.Prompt);
        Assert.Empty(info.Fields);
    }

    [Fact]
    public void EveryValueComesBack() => Gen.String[Gen.Char["ab ,:\"\\\n{}é狐"], 1, 12].Array[3, 6].Sample(values =>
    {
        var fields = values.Select((value, i) => KeyValuePair.Create($"Field {i}", value.Trim())).Where(f => f.Value.Length > 0).ToList();
        if (fields.Count < 3) return;
        var info = InfoText.Parse(new InfoText("a prompt", "not this", fields).Format());
        Assert.Equal("a prompt", info.Prompt);
        Assert.Equal("not this", info.NegativePrompt);
        Assert.Equal(fields, info.Fields);
    });

    [Fact]
    public void BlanksBehindPromptsComeBack()
    {
        var info = InfoText.Parse(new InfoText("a fox, \n  in snow ", " blurry ", [new("Steps", "1"), new("Seed", "2"), new("Size", "8x8")]).Format());
        Assert.Equal(("a fox, \n  in snow ", " blurry "), (info.Prompt, info.NegativePrompt));
    }

    [Fact]
    public void TheLastFieldOfItsNameCounts() => Assert.Equal("5", InfoText.Parse("a\nSteps: 1, Seed: 2, Size: 8x8, Seed: 5")["Seed"]);

    [Theory]
    [InlineData("cat\nNegative prompt: dog\nbird", "pen")]
    [InlineData("cat\nNegative prompt: dog", "")]
    [InlineData("cat\nSteps: 9, Sampler: foo, Seed: 3", "blurry\nNegative prompt: twice")]
    [InlineData(" \"cat\", blank in front", "")]
    public void PromptsThatLookLikeAnotherPartComeBack(string prompt, string negative)
    {
        var told = new InfoText(prompt, negative, [new("Steps", "3"), new("Sampler", "Euler"), new("Seed", "7")]).Kept();
        var read = InfoText.Parse(told.Format()).Restored();
        Assert.Equal((prompt, negative), (read.Prompt, read.NegativePrompt));
        Assert.Equal(["Steps", "Sampler", "Seed"], read.Fields.Select(field => field.Key));
    }

    [Fact]
    public void OtherPromptsHaveNoFieldsOfTheirOwn()
    {
        var info = new InfoText("cat\nSteps: 9, Sampler: foo", "dog", [new("Steps", "3"), new("Sampler", "Euler"), new("Seed", "7")]);
        Assert.Same(info, info.Kept());
    }
}
