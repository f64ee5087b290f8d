namespace Lowrank.Language;

/// <summary>How tokens are cut to a length.</summary>
/// <param name="MaxLength">The most tokens of a row, added ones counted.</param>
public sealed record Truncation(int MaxLength)
{
    /// <summary>What is cut of a pair.</summary>
    public TruncationStrategy Strategy { get; init; }

    /// <summary>Whether the beginning is cut, not the end.</summary>
    public bool CutsLeft { get; init; }

    /// <summary>
    /// Tokens that pieces of a long text share, where a file tells so; a row here is one piece, and what is cut goes away.
    /// </summary>
    public int Stride { get; init; }
}
