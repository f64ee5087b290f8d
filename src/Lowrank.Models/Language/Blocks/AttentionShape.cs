namespace Lowrank.Models;

/// <summary>How one layer attends.</summary>
/// <param name="Heads">Heads of queries.</param>
/// <param name="KeyHeads">Heads of keys and values, which consecutive heads of queries share; divides Heads.</param>
/// <param name="HeadDim">Numbers of a head.</param>
sealed record AttentionShape(int Heads, int KeyHeads, int HeadDim)
{
    /// <summary>Number of the layer, by which its cache is found.</summary>
    public int Layer { get; init; }

    /// <summary>By what scores are multiplied; 1/√d.</summary>
    public double Scale { get; init; } = 1 / Math.Sqrt(HeadDim);

    /// <summary>Scores are cap·tanh(score/cap) before the mask; null for plain ones.</summary>
    public double? SoftCap { get; init; }

    /// <summary>How far a token sees: itself and so many less one before it, or so many on either side where it sees both; null for
    /// all.</summary>
    public int? Window { get; init; }

    /// <summary>How queries and keys are turned by their positions; null where they are not.</summary>
    public Rope? Rope { get; init; }

    /// <summary>Whether neighbouring numbers are turned together; else number i and number i + d/2.</summary>
    public bool TurnsPairs { get; init; }

    /// <summary>Whether a token sees only itself and those before it.</summary>
    public bool Causal { get; init; } = true;

    /// <summary>Width of the queries.</summary>
    public int Width => Heads * HeadDim;

    /// <summary>Width of the keys, and of the values.</summary>
    public int KeyWidth => KeyHeads * HeadDim;
}
