namespace Lowrank.Language;

/// <summary>What the splits of byte-level tokenizers tell apart.</summary>
enum CharacterKind
{
    /// <summary>White space.</summary>
    Blank,

    /// <summary>General category L.</summary>
    Letter,

    /// <summary>General category N.</summary>
    Number,

    /// <summary>The rest.</summary>
    Other,
}
