namespace Lowrank.Models;

/// <summary>What a layer of attention has besides its projections' weights, and what its modules are called.</summary>
sealed record AttentionParts
{
    /// <summary>Whether projections have biases.</summary>
    public bool Bias { get; init; }

    /// <summary>Whether the projection out has one, where it differs.</summary>
    public bool? OutBias { get; init; }

    /// <summary>What the projection out is called.</summary>
    public string OutName { get; init; } = "o_proj";

    /// <summary>Makes the norm of queries and of keys, for so many heads; null for none.</summary>
    public Func<int, Layer>? Norm { get; init; }

    /// <summary>Whether those norms see a token's heads as one vector; else each head is normed.</summary>
    public bool NormsWhole { get; init; }

    /// <summary>What the norm of queries is called.</summary>
    public string QueryNorm { get; init; } = "q_norm";

    /// <summary>What the norm of keys is called.</summary>
    public string KeyNorm { get; init; } = "k_norm";

    /// <summary>Whether each head has a score that joins the softmax and has no value.</summary>
    public bool HasSinks { get; init; }
}
