namespace Lowrank.Models;

/// <summary>Self-attention that is about to be computed, between its projections.</summary>
/// <param name="Block">Number of the transformer block within its transformer, from 0.</param>
/// <param name="Query">What asks, (B, T, C).</param>
/// <param name="Key">What is asked, (B, T, C).</param>
/// <param name="Value">What answers, (B, T, C).</param>
/// <param name="Heads">Number of heads; divides C.</param>
public sealed record SelfAttentionCall(int Block, Tensor Query, Tensor Key, Tensor Value, int Heads)
{
    /// <summary>The usual answer, softmax(q kᵀ / √d) v per head, (B, T, C).</summary>
    public Tensor Answer() => Attention.Run(Query, Key, Value, Heads);
}
