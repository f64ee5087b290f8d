namespace Lowrank.Models;

/// <summary>What the body of a causal language model is made of.</summary>
/// <param name="Tokens">The table of tokens.</param>
/// <param name="Layers">The layers.</param>
/// <param name="Norm">The final norm; null for none.</param>
/// <param name="Windows">How far back each layer sees; null for all.</param>
sealed record DecoderParts(Embedding Tokens, IReadOnlyList<Layer<Tensor, Pass>> Layers, Layer? Norm, IReadOnlyList<int?> Windows)
{
    /// <summary>What they are called.</summary>
    public DecoderNames Names { get; init; } = new();

    /// <summary>By what the tokens' vectors are multiplied; null where they are taken as they are.</summary>
    public double? EmbeddingScale { get; init; }
}

/// <summary>What the parts of a body are called.</summary>
/// <param name="Tokens">The table of tokens.</param>
/// <param name="Layers">The layers.</param>
/// <param name="Norm">The final norm.</param>
sealed record DecoderNames(string Tokens = "embed_tokens", string Layers = "layers", string Norm = "norm");
