namespace Lowrank.Models;

/// <summary>What the embeddings of an encoder have.</summary>
/// <param name="Vocabulary">Tokens known.</param>
/// <param name="Hidden">Width of the hidden states.</param>
/// <param name="Eps">Added to the norm's variance.</param>
sealed record EmbeddingShape(int Vocabulary, int Hidden, double Eps)
{
    /// <summary>Width of the tables.</summary>
    public int Width { get; init; } = Hidden;

    /// <summary>Rows of the table of positions; 0 for none.</summary>
    public int Positions { get; init; }

    /// <summary>The row of position 0.</summary>
    public int FirstPosition { get; init; }

    /// <summary>Rows of the table of types; 0 for none.</summary>
    public int Types { get; init; }

    /// <summary>The id whose row is not trained; null for none.</summary>
    public int? Pad { get; init; }

    /// <summary>Whether the vectors of pads are zeros.</summary>
    public bool MasksPads { get; init; }

    /// <summary>What the table of tokens is called.</summary>
    public string TokensName { get; init; } = "word_embeddings";

    /// <summary>What the norm is called.</summary>
    public string NormName { get; init; } = "LayerNorm";

    /// <summary>Whether the norm has a bias.</summary>
    public bool NormBias { get; init; } = true;
}
