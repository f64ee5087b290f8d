
namespace Lowrank.Diffusion.Tests;

/// <summary>AUTOMATIC1111's prompts beyond its own examples.</summary>
public sealed class WebUiSyntaxTests
{
    static string Said(string prompt, int steps = 6) =>
        string.Join(" / ", WebUiEdits.Read(prompt, new(steps)).Select(entry => $"{entry.Until} {entry.Text}"));

    // By lark 1.2's reading of the web UI's grammar.
    [Theory]
    [InlineData("[a:[b:c:3]", "3 [a:b / 6 [a:c")]
    [InlineData("[a:b:c:3]", "6 [a:b:c:3]")]
    [InlineData("[[a:3]", "3 [ / 6 [a")]
    [InlineData("[a:b:3:5]", "6 [a:b:3:5]")]
    [InlineData("a|b [c:3]", "6 a|b [c:3]")]
    [InlineData("[a|b:c:3] [d:2]", "6 [a|b:c:3] [d:2]")]
    [InlineData("[a:(b:1.2:3):4]", "6 [a:(b:1.2:3):4]")]
    [InlineData("[a\\:b:3]", "3  / 6 a\\:b")]
    [InlineData("[a:b c:1e1]", "6 a")]
    [InlineData("[a:b:+3 ]", "3 a / 6 b")]
    [InlineData("a\\", "6 a\\")]
    [InlineData("[(a:b:1.2):c:3]", "6 [(a:b:1.2):c:3]")]
    [InlineData("[a::]", "6 [a::]")]
    public void WhatTheGrammarHasNoPlaceForIsText(string prompt, string said) => Assert.Equal(said, Said(prompt));

    [Fact]
    public void NestedWordsAlternateInStepWithTheOuterOnes() =>
        Assert.Equal("1 a / 2 c / 3 d / 4 a / 5 b / 6 d", Said("[a|[b|c]|d]"));

    [Fact]
    public void AnEditShowsOneEvaluationAfterItsEndAndTheFirstTextIsSaidAgainBehindTheLast()
    {
        var part = PromptSyntax.WebUi.Read("[a:b:2]", new(4)).Parts.Single();
        Assert.Equal(["a", "a", "a", "b", "b", "a", "a"], Enumerable.Range(0, 7).Select(part.At));
    }

    [Fact]
    public void ThousandsOfBracketsAreReadAtOnce()
    {
        Assert.Equal(20_000, WebUiEdits.Read(new string('[', 20_000), new(3)).Single().Text.Length);
        string nested = new string('[', 20_000) + "a" + new string(']', 20_000);
        Assert.Equal(nested, WebUiEdits.Read(nested, new(3)).Single().Text);
        Assert.Equal("a", WebUiWeights.Read(nested).Single().Text);
    }

    [Fact]
    public void ANegativePromptJoinsNothing() =>
        Assert.Equal("a AND b", PromptSyntax.WebUi.ReadNegative("a AND b", new(3)).Parts.Single().At(0));

    [Fact]
    public void AWeightThatIsNoNumberIsNamed() =>
        Assert.Contains("the weight 1.2.3", Assert.Throws<LowrankException>(() => WebUiWeights.Read("a (fox:1.2.3)")).Message);

    [Theory]
    [InlineData("a # comment\nb", "a \nb")]
    [InlineData("# line\nb", "\nb")]
    [InlineData("a#b", "a\n")]
    [InlineData("plain", "plain")]
    public void CommentsAreLeftOut(string prompt, string rest) => Assert.Equal(rest, WebUiSyntax.WithoutComments(prompt));

    [Theory]
    [InlineData("1e-1", 0.1)]
    [InlineData(" .5 ", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("1_000", 1000.0)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("+2", 2.0)]
    [InlineData("", null)]
    [InlineData("+-2", null)]
    [InlineData("0,5", null)]
    [InlineData("1__0", null)]
    [InlineData("0x10", null)]
    public void NumbersAreReadAsPythonDoes(string text, double? number) => Assert.Equal(number, PythonNumbers.Float(text));

    [Theory]
    [InlineData(" 4 ", 4)]
    [InlineData("-4", -4)]
    [InlineData("4.0", null)]
    [InlineData("", null)]
    public void WholeNumbersAreReadAsPythonDoes(string text, int? number) => Assert.Equal(number, PythonNumbers.Int(text));

    // Each is drawn by WebUiEdits.Read too: what is unsaid stands in none of its texts.
    [Theory]
    [InlineData("[a:b:50]", 3, "b")]
    [InlineData("[a:b:2]", 3, "b")]
    [InlineData("[a:b:1]", 3)]
    [InlineData("[a:b:0]", 3, "a")]
    [InlineData("[a:b:-1] c", 3, "a")]
    [InlineData("[a:b:0.5]", 4)]
    [InlineData("[x:9]", 3, "x")]
    [InlineData("[x::0]", 3, "x")]
    [InlineData("[a|b|c|d]", 3, "c", "d")]
    [InlineData("[[p:q:1]:r:9]", 3, "r")]
    [InlineData("[a:[p:q:1]:9]", 3, "[p:q:1]")]
    [InlineData("plain (words:1.2)", 3)]
    public void WordsThatNoEvaluationSaysAreNamed(string prompt, int steps, params string[] unsaid) =>
        Assert.Equal(unsaid, WebUiEdits.Unsaid(prompt, [(new(steps), steps)]).Select(lost => lost.Words));

    [Fact]
    public void WhatOnePassSaysIsSaid()
    {
        Assert.Empty(WebUiEdits.Unsaid("[a:b:5]", [(new(3), 3), (new(4, Before: 3), 4)]));
        Assert.Equal([("b", "[a:b:0.5]")], WebUiEdits.Unsaid("[a:b:0.5]", [(new(4), 2)]));
        Assert.Equal(["\"b\" of [a:b:9]"], new WebUiSyntax().Unsaid("x AND [a:b:9] :2", isNegative: false, [(new(3), 3)]));
    }

    [Theory]
    [InlineData("a cat AND dog :x", "\":x\" at the end of \"dog :x\" gives no weight")]
    [InlineData("a cat AND ", "AND joins an empty prompt")]
    [InlineData("a cat :1.2 AND a dog :0.5")]
    [InlineData("a cat :x")]
    [InlineData("a cat AND (dog:1.2)")]
    [InlineData("a cat AND [dog:fox:3]")]
    public void JoinedPromptsThatAreEmptyOrWeighedByAWordAreTold(string prompt, params string[] told)
    {
        string[] remarks = [.. WebUiSyntax.JoinRemarks(prompt)];
        Assert.Equal(told.Length, remarks.Length);
        Assert.All(told.Zip(remarks), pair => Assert.StartsWith(pair.First, pair.Second));
    }
}
