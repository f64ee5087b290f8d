using System.Text;
using CsCheck;

namespace Lowrank.Language.Tests;

public class TextTokenizerTests
{
    const string Around = """
        {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<begin>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [{"SpecialToken": {"id": "<begin>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
         "special_tokens": {"<begin>": {"id": "<begin>", "ids": [302], "tokens": ["<begin>"]}}}
        """;

    static readonly TextTokenizer tokenizer = TinyTokenizers.ByteLevel;

    [Fact]
    public void DecodingGivesEveryTextBack() => TinyTokenizers.Texts.Sample(
        text => tokenizer.Decode(tokenizer.Encode(text).Ids, skipSpecials: false) == text
            && tokenizer.Decode(tokenizer.Encode(text, parseSpecials: false).Ids) == text);

    [Fact]
    public void InPlainModeNoTextBecomesAControlToken() => TinyTokenizers.Texts.Sample(
        text => !tokenizer.Encode("<end>" + text + "<begin>", parseSpecials: false).Ids.Any(tokenizer.IsControl));

    [Fact]
    public void OffsetsCoverTheTextInCodePoints() => TinyTokenizers.Texts.Sample(text =>
    {
        int length = text.EnumerateRunes().Count(), covered = 0;
        foreach (var (start, end) in tokenizer.Encode(text).Offsets)
        {
            if (start > covered || end < start || end > length) return false;
            covered = Math.Max(covered, end);
        }
        return covered == length;
    });

    [Fact]
    public void AStreamGivesTheTextThatDecodingGives() => TinyTokenizers.Texts.Sample(text =>
    {
        var stream = tokenizer.Stream(skipSpecials: false);
        var given = new StringBuilder();
        foreach (int id in tokenizer.Encode(text).Ids) given.Append(stream.Add(id));
        return given.Append(stream.Flush()).ToString() == text;
    });

    [Fact]
    public void AStreamHoldsBackWhatIsNoCharacterYet()
    {
        var stream = tokenizer.Stream();
        Assert.Equal("a", stream.Add('a' - 0));
        Assert.Null(stream.Add(0xC3));
        Assert.Equal("\u00e9", stream.Add(0xA9));
        Assert.Null(stream.Add(0xE2));
        Assert.Equal("\ufffd", stream.Flush());
    }

    [Fact]
    public void ManyThreadsGetTheSameIds()
    {
        string text = string.Join(' ', Enumerable.Range(0, 500).Select(i => $"the word{i} cab"));
        var expected = tokenizer.Encode(text).Ids;
        Parallel.For(0, 8, _ => Assert.Equal(expected, TinyTokenizers.ByteLevel.Encode(text).Ids));
    }

    [Fact]
    public void ATextThatIsHalfASurrogatePairIsRefused()
    {
        var error = Assert.Throws<LowrankException>(() => tokenizer.Encode("ab\ud83d"));
        Assert.Contains("U+D83D", error.Message);
        Assert.Contains("unit 2", error.Message);
    }

    [Fact]
    public void TheSizeIsTheHighestIdAndOne() => Assert.Equal(303, tokenizer.Size);

    [Fact]
    public void ARenderedTextKeepsOneBeginToken()
    {
        var begins = Tokenizers.FromJson(TinyTokenizers.ByteLevelJson(postProcessor: Around));
        Assert.Equal([302, 302, 'a'], begins.Encode("<begin>a").Ids);
        Assert.Equal([302, 'a'], begins.EncodeRendered("<begin>a", out bool hadBegin).Ids);
        Assert.True(hadBegin);
        Assert.Equal([302, 'a'], begins.EncodeRendered("a", out hadBegin).Ids);
        Assert.False(hadBegin);
    }

    [Fact]
    public void RowsAreCutBeforeBeginTokensAreAddedAndFilledUpAfterwards()
    {
        var begins = Tokenizers.FromJson(TinyTokenizers.ByteLevelJson(postProcessor: Around));
        var rows = begins.EncodeBatch([("dddd", null), ("d", null)], new Truncation(3), new Padding(9) { OnLeft = true });
        Assert.Equal([302, 'd', 'd'], rows[0].Ids);
        Assert.Equal([9, 302, 'd'], rows[1].Ids);
        Assert.Equal([0, 1, 1], rows[1].Mask);
    }

    [Theory]
    [InlineData(TruncationStrategy.LongestFirst, 3, 2)]
    [InlineData(TruncationStrategy.OnlyFirst, 3, 2)]
    [InlineData(TruncationStrategy.OnlySecond, 4, 1)]
    public void APairIsCutWhereItIsAskedTo(TruncationStrategy strategy, int first, int second)
    {
        var row = tokenizer.EncodeBatch([("dddd", "ee")], new Truncation(5) { Strategy = strategy })[0];
        Assert.Equal(first, row.TypeIds.Count(type => type == 0));
        Assert.Equal(second, row.TypeIds.Count(type => type == 1));
    }

    [Fact]
    public void ATokenOfTheUserIsTakenWhole() => Assert.Equal(['a', 301, 'd'], tokenizer.Encode("a<user>d", parseSpecials: false).Ids);

    [Fact]
    public void AnIdWithoutATokenGivesNoText()
    {
        Assert.Null(tokenizer.Token(299));
        Assert.Equal("ab", tokenizer.Decode(['a', 299, 'b']));
    }
}
