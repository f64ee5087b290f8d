namespace Lowrank.Language.Tests;

public class PatternTranslatorTests
{
    [Theory]
    [InlineData(@"\p{L}+ ?", @"\p{L}+ ?")]
    [InlineData(@"a++", @"(?>a+)")]
    [InlineData(@"[^\s]?+\p{N}{1,3}+", @"(?>[^\s]?)(?>\p{N}{1,3})")]
    [InlineData(@"(?:ab)*+c", @"(?>(?:ab)*)c")]
    [InlineData(@"(?i:'s|k)s", @"(?i:'[sS\u017F]|[kK\u212A])s")]
    [InlineData(@"a+?", @"a+?")]
    [InlineData(@"\x{41}", @"\u0041")]
    [InlineData(@"[\p{L}&&[^a-z]]", @"[\p{L}-[a-z]]")]
    [InlineData(@"(?!\S)\)\[", @"(?!\S)\)\[")]
    public void APatternIsWrittenInDotNetsWords(string pattern, string expected) => Assert.Equal(expected, PatternTranslator.Translate(pattern));

    [Theory]
    [InlineData("[a&&b]"), InlineData(@"\x{1F600}"), InlineData("\U0001F600"), InlineData(@"\h"), InlineData("[ab"), InlineData("a)"), InlineData("*a")]
    public void WhatHasNoCounterpartIsNamed(string pattern)
    {
        var error = Assert.Throws<LowrankException>(() => new RegexPattern(pattern));
        Assert.Contains(pattern, error.Message);
    }

    [Fact]
    public void APatternThatFindsNoEndIsNamed()
    {
        var pattern = new RegexPattern("(a+)+$", TimeSpan.FromSeconds(0.1));
        var error = Assert.Throws<LowrankException>(() => pattern.Find(new string('a', 60) + "b"));
        Assert.Contains("(a+)+$", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.1 seconds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AScriptIsItsRanges()
    {
        var han = new RegexPattern(@"\p{Han}+");
        Assert.Equal([new(1, 5)], han.Find("a\u4e2d\u6587\U00020000b"));
    }
}
