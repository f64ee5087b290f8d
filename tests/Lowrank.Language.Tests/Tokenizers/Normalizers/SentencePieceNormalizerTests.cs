namespace Lowrank.Language.Tests;

public class SentencePieceNormalizerTests
{
    [Theory]
    [InlineData("a b", true, "\u2581a\u2581b")]
    [InlineData("  a   b  ", true, "\u2581a\u2581b")]
    [InlineData("  a  b ", false, "\u2581\u2581\u2581a\u2581\u2581b\u2581")]
    [InlineData("   ", true, "")]
    [InlineData("", false, "")]
    [InlineData("a<u> b", true, "\u2581a<u>\u2581b")]
    public void SpacesAreThinnedOutAndOneGoesInFront(string text, bool removes, string expected)
    {
        var aligned = new AlignedText(text, 0, text.Length);
        new SentencePieceNormalizer(new(null, PrependScheme.Always, removes, false, new WordTrie([("<u>", 0)]))).Normalize(aligned);
        Assert.Equal(expected, aligned.Text);
    }

    [Fact]
    public void WhatIsLeftKnowsWhereItCameFrom()
    {
        var aligned = new AlignedText("  a  b", 0, 6);
        new SentencePieceNormalizer(new(null, PrependScheme.Always, true, false, new WordTrie([]))).Normalize(aligned);
        Assert.Equal([new(2, 3), new(2, 3), new(3, 4), new(5, 6)], Enumerable.Range(0, 4).Select(unit => aligned.SourceOf(unit)));
    }
}
