namespace Lowrank.Formats;

/// <summary>What a tensor is in a model, as far as mixtures of types tell them apart.</summary>
enum TensorRole
{
    /// <summary>The token embedding.</summary>
    Embedding,

    /// <summary>The output head.</summary>
    Output,

    /// <summary>Queries.</summary>
    Query,

    /// <summary>Keys.</summary>
    Key,

    /// <summary>Values.</summary>
    Value,

    /// <summary>Queries, keys and values in one.</summary>
    Fused,

    /// <summary>Keys and values out of a latent vector.</summary>
    KeyAndValue,

    /// <summary>What follows attention.</summary>
    AttentionOutput,

    /// <summary>The last of a feed-forward part.</summary>
    Down,

    /// <summary>Any other.</summary>
    Other,
}
