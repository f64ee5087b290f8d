using CsCheck;

namespace Lowrank.Language.Tests;

public class KnownPatternsTests
{
    [Theory]
    [InlineData(KnownPatterns.Gpt2), InlineData(KnownPatterns.Llama3), InlineData(KnownPatterns.Qwen2)]
    public void ASplitWrittenByHandIsTheRegexOnEveryText(string regex)
    {
        var (known, plain) = (KnownPatterns.Of(regex), new RegexPattern(regex));
        Assert.IsNotType<RegexPattern>(known);
        TinyTokenizers.Texts.Sample(text => known.Find(text).SequenceEqual(plain.Find(text)));
    }

    [Fact]
    public void ALetterBeyondTheBasicPlaneIsALetter()
    {
        string text = "a\U00010400b \U0001D7D8\U0001F600";
        Assert.Equal([new(0, 4), new(4, 7), new(7, 9)], new Gpt2Words().Find(text));
    }
}
