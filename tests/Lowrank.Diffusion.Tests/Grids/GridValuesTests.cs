namespace Lowrank.Diffusion.Tests;

/// <summary>Values of an axis, as people type them.</summary>
public class GridValuesTests
{
    static IEnumerable<string> Read(string text, GridValueKind kind) => GridValues.Read(text, kind).Select(value => value.Text);

    [Theory]
    [InlineData("1-5 (+2), 9", "1 3 5 9")]
    [InlineData("5-1 (-2)", "5 3")]
    [InlineData("-3--1", "-3 -2 -1")]
    [InlineData("1-10 [1]", "1")]
    [InlineData("1-10 [0]", "")]
    [InlineData(" , 7 ,", "7")]
    [InlineData("+4-+6", "4 5 6")]
    public void WholeNumbersComeAloneAndInRanges(string text, string values) =>
        Assert.Equal(values.Split(' ', StringSplitOptions.RemoveEmptyEntries), Read(text, GridValueKind.Whole));

    [Theory]
    [InlineData("0-1 [5]", "0.0 0.25 0.5 0.75 1.0")]
    [InlineData("1-2 (+0.4)", "1.0 1.4 1.8 2.2")]
    [InlineData("0.1", "0.1")]
    [InlineData("-1.5-0.5", "-1.5 -0.5 0.5")]
    public void NumbersComeAloneAndInRanges(string text, string values) => Assert.Equal(values.Split(' '), Read(text, GridValueKind.Number));

    [Theory]
    [InlineData("1-5 (+0)")]
    [InlineData("0-9999999999")]
    [InlineData("seven")]
    [InlineData("1.5")]
    [InlineData("1-2-3")]
    public void WhatIsNoWholeNumberIsToldAsItWasWritten(string text) =>
        Assert.Contains(text, Assert.Throws<LowrankException>(() => GridValues.Read(text, GridValueKind.Whole)).Message, StringComparison.Ordinal);

    [Fact]
    public void ARangeThatHoldsNothingIsNamed()
    {
        Assert.Contains("5-1", Assert.Single(GridValues.Empty("2, 5-1", GridValueKind.Whole)), StringComparison.Ordinal);
        Assert.Empty(GridValues.Empty("2, 5-1 (-1)", GridValueKind.Whole));
    }

    [Fact]
    public void WordsComeInEveryOrder() => Assert.Equal(["a, b", "b, a"], Read("a,b", GridValueKind.Order));
}
