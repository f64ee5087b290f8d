namespace Lowrank.Language;

/// <summary>What a tokenizer is made of.</summary>
/// <param name="Model">Makes tokens of pieces.</param>
sealed record TokenizerParts(ITokenModel Model)
{
    /// <summary>Tokens that are found before everything else.</summary>
    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>Changes the text, or null.</summary>
    public INormalizer? Normalizer { get; init; }

    /// <summary>Splits the text, or null.</summary>
    public IPreTokenizer? PreTokenizer { get; init; }

    /// <summary>Adds begin and end tokens, or null.</summary>
    public IPostProcessor? PostProcessor { get; init; }

    /// <summary>Makes text of tokens; null sets a space between them.</summary>
    public ITokenDecoder? Decoder { get; init; }

    /// <summary>How the file would have rows cut, or null.</summary>
    public Truncation? Truncation { get; init; }

    /// <summary>How the file would have rows filled up, or null.</summary>
    public Padding? Padding { get; init; }

    /// <summary>The tokens with a part to play.</summary>
    public SpecialTokens Specials { get; init; } = new();

    /// <summary>What ends a word in the vocabulary, as CLIP has it; else empty.</summary>
    public string EndOfWordSuffix { get; init; } = "";
}
