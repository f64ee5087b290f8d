using CsCheck;

namespace Lowrank.Language.Tests;

public class BytePairModelTests
{
    static readonly (string, string)[] merges = [("a", "a"), ("b", "c"), ("a", "b"), ("aa", "b"), ("ab", "c"), ("aa", "aa"), ("c", "a"), ("bc", "bc")];
    static readonly Vocabulary vocabulary = new([.. "abc?".Select(c => c.ToString()).Concat(merges.Select(pair => pair.Item1 + pair.Item2)).Distinct()
        .Select((token, id) => (token, id))]);

    static BytePairModel Model(BytePairOptions? options = null, params (string, string)[] pairs) => new(vocabulary,
        [.. (pairs.Length > 0 ? pairs : merges).Select(pair => MergeTable.Pair(pair.Item1, pair.Item2, vocabulary))], options ?? new());

    [Fact]
    public void LongPiecesAreMergedAsTheRuleSays() => Gen.Char['a', 'c'].Array[1, 120].Sample(letters =>
    {
        var tokens = new List<PieceToken>();
        Model().Encode(letters, tokens);
        return tokens.Select(token => vocabulary.Token(token.Id)).SequenceEqual(ByTheRule(letters))
            && tokens.TrueForAll(token => vocabulary.Token(token.Id) == new string(letters[token.Start..token.End]));
    });

    // Lowest rank first, leftmost on ties, written as the rule is.
    static List<string> ByTheRule(char[] letters)
    {
        var row = letters.Select(c => c.ToString()).ToList();
        while (true)
        {
            var found = merges.SelectMany((merge, rank) => Enumerable.Range(0, row.Count - 1)
                .Where(i => (row[i], row[i + 1]) == merge).Select(i => (rank, i))).OrderBy(pair => pair).Take(1).ToList();
            if (found.Count == 0) return row;
            int at = found[0].i;
            row[at] += row[at + 1];
            row.RemoveAt(at + 1);
        }
    }

    [Theory]
    [InlineData(true, new[] { 0, 3, 1 }), InlineData(false, new[] { 0, 3, 3, 1 })]
    public void UnknownCharactersAreFusedWhereTheFileSaysSo(bool fuses, int[] expected)
    {
        var tokens = new List<PieceToken>();
        Model(new() { UnknownToken = "?", FusesUnknown = fuses }).Encode("a\U0001F600xb", tokens);
        Assert.Equal(expected, tokens.Select(token => token.Id));
        Assert.Equal(new TextSpan(1, fuses ? 4 : 3), new TextSpan(tokens[1].Start, tokens[1].End));
    }

    [Fact]
    public void AnUnknownCharacterWithoutATokenForItIsAnError() =>
        Assert.Contains("\"x\"", Assert.Throws<LowrankException>(() => Model().Encode("ax", [])).Message);

    [Fact]
    public void AMergeOutsideOfTheVocabularyIsNamed()
    {
        var error = Assert.Throws<LowrankException>(() => Model(null, ("a", "c")));
        Assert.Contains("\"ac\"", error.Message);
    }

    [Fact]
    public void NoMergeMakesAControlToken()
    {
        var tokens = new List<PieceToken>();
        int control = vocabulary.Id("aa")!.Value;
        Model(new() { Control = new HashSet<int> { control }, IgnoresMerges = true }).Encode("aa", tokens);
        Assert.Equal([0, 0], tokens.Select(token => token.Id));
    }
}
