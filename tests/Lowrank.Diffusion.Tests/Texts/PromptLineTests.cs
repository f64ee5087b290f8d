using System.Text.Json.Nodes;

namespace Lowrank.Diffusion.Tests;

public sealed class PromptLineTests
{
    [Fact]
    public void KohyasOptionsAreRead()
    {
        var line = KohyaPromptLine.Read("a fox, in snow --n blurry, dark --w 512 --H 768 --d 1,2 --l 7.5 --s 20 --ss euler_a --am 0.5,1 --t 0.6 --f x.png");
        Assert.Equal(("a fox, in snow", "blurry, dark", 512, 768), (line.Prompt, line.NegativePrompt, line.Width, line.Height));
        Assert.Equal((7.5, 20, "euler_a", 0.6, "x.png"), (line.GuidanceScale, line.Steps, line.Sampler, line.Strength, line.FileName));
        Assert.Equal([1L, 2L], line.Seeds);
        Assert.Equal([0.5, 1.0], line.AdapterStrengths);
        Assert.Empty(line.Faults);
    }

    [Theory]
    [InlineData("a --w many", "many is no value of --w")]
    [InlineData("a --s 0", "0 is no value of --s")]
    [InlineData("a --ar 16:9", "a line's options are --n")]
    [InlineData("a --g 3.5", "distilled")]
    [InlineData("a --d 1,x", "1,x is no value of --d")]
    [InlineData("a --t 2", "2 is no value of --t")]
    [InlineData("a --w 64 --W 32", "--W 32 is not used: --w is given before it")]
    [InlineData("a --n", "--n is not used")]
    [InlineData("a --", "-- is not used")]
    public void WhatIsNotUsedIsTold(string line, string told)
    {
        var read = KohyaPromptLine.Read(line);
        Assert.Equal("a", read.Prompt);
        Assert.Contains(told, Assert.Single(read.Faults));
    }

    [Fact]
    public void HyphensWithinWordsAreThePrompts() => Assert.Equal("a well--known fox", KohyaPromptLine.Read("a well--known fox").Prompt);

    [Theory]
    [InlineData("--prompt 'a", "a quote is not closed")]
    [InlineData("--prompt a --steps x", "--steps is \"x\"")]
    [InlineData("--prompt a --nope 3", "--nope is no option")]
    [InlineData("a --steps 3", "\"a\" is no option")]
    [InlineData("--steps", "--steps has no value")]
    public void WhyAWebUiLineIsAPromptAsAWholeIsTold(string line, string why)
    {
        var read = WebUiPromptLine.Read(line, _ => null);
        Assert.Equal(line, read.Values["prompt"]!.GetValue<string>());
        Assert.Contains(why, read.WhyPlain);
    }

    [Fact]
    public void SeedsGoOnByTheRequestsOwnPictures()
    {
        var request = new JsonObject { ["seed"] = 4294967290L, ["batch_size"] = 2, ["n_iter"] = 3 };
        var seeds = new WebUiPromptLines("a\n--prompt b --n_iter 9\nc", IteratesSeed: true).Over(request, _ => null).Select(made => made["seed"]!.GetValue<long>());
        Assert.Equal([4294967290L, 4294967296L, 4294967302L], seeds);
    }

    [Theory]
    [InlineData("a 'b c' \"d \\\" \\x\" e\\ f", "a|b c|d \" \\x|e f")]
    [InlineData("'' \"\"", "|")]
    [InlineData("a'b'\"c\"d", "abcd")]
    [InlineData("'it\\s'", "it\\s")]
    [InlineData("\t", "")]
    public void WordsArePartedAsAShellDoes(string line, string words) => Assert.Equal(words, string.Join('|', ShellWords.Split(line)!));

    [Theory]
    [InlineData("'a")]
    [InlineData("\"a\\\"")]
    [InlineData("a\\")]
    public void WhatIsNotClosedHasNoWords(string line) => Assert.Null(ShellWords.Split(line));
}
