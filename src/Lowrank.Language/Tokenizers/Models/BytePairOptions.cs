namespace Lowrank.Language;

/// <summary>How byte pairs are merged.</summary>
sealed record BytePairOptions
{
    /// <summary>The token for what no token stands for, or null.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>What stands before each token that does not begin a word, in the vocabulary.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>What stands after each token that ends a word: CLIP's <c>&lt;/w&gt;</c>.</summary>
    public string EndOfWordSuffix { get; init; } = "";

    /// <summary>Whether unknown characters that follow each other are one unknown token.</summary>
    public bool FusesUnknown { get; init; }

    /// <summary>Whether an unknown character becomes the tokens of its bytes.</summary>
    public bool FallsBackToBytes { get; init; }

    /// <summary>Whether a piece that is a token whole is that token, whatever the merges say.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Ids that no text becomes: control tokens.</summary>
    public IReadOnlySet<int> Control { get; init; } = new HashSet<int>();
}
