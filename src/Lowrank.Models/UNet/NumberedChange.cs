namespace Lowrank.Models;

/// <summary>A change of self-attention in one transformer block.</summary>
/// <param name="Block">Number of the block within its transformer, from 0.</param>
/// <param name="Change">The change.</param>
sealed record NumberedChange(int Block, SelfAttentionChange Change)
{
    /// <summary>Its answer in place of attention's.</summary>
    public Tensor Answer(Tensor query, Tensor key, Tensor value, int heads) => Change(new(Block, query, key, value, heads));
}
