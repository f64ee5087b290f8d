namespace Lowrank.Language;

/// <summary>The spaces that WordPiece's tokens leave before signs and contractions, taken away.</summary>
static class WordPieceCleanup
{
    static readonly (string From, string To)[] rules =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"),
        (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    /// <summary>A text without them.</summary>
    public static string Of(string text)
    {
        foreach (var (from, to) in rules) text = text.Replace(from, to, StringComparison.Ordinal);
        return text;
    }
}
