namespace Lowrank.Language;

/// <summary>What is cut of a pair that is too long.</summary>
public enum TruncationStrategy
{
    /// <summary>The longer text, then both evenly.</summary>
    LongestFirst,

    /// <summary>The first text.</summary>
    OnlyFirst,

    /// <summary>The second text.</summary>
    OnlySecond,
}
