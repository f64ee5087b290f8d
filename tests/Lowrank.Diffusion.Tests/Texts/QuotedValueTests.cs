namespace Lowrank.Diffusion.Tests;

public sealed class QuotedValueTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a, b", "\"a, b\"")]
    [InlineData("say \"x\"", "say \"x\"")]
    [InlineData("\"x\"", "\"\\\"x\\\"\"")]
    [InlineData(" led by a blank", "\" led by a blank\"")]
    [InlineData("bell\a: 🦊", "\"bell\\u0007: 🦊\"")]
    public void ValuesInFieldsComeBack(string value, string written)
    {
        Assert.Equal(written, QuotedValue.InField(value));
        Assert.Equal(value, QuotedValue.Read(written));
    }

    [Theory]
    [InlineData("\"bad \\q escape\"")]
    [InlineData("\"half \\ud800\"")]
    [InlineData("\"")]
    [InlineData("\"a\" and \"b\"")]
    public void WhatIsNoJsonStringStaysAsItIs(string text) => Assert.Equal(text, QuotedValue.Read(text));
}
