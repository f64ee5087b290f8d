namespace Lowrank.Torch.Layers;

/// <summary>Multi-head attention after the projections.</summary>
public static class Attention
{
    /// <summary>softmax(q kᵀ / √d) v per head. q (B, T, C), k and v (B, S, C) with C = heads·d; gives (B, T, C).</summary>
    /// <param name="query">What asks, (B, T, C).</param>
    /// <param name="key">What is asked, (B, S, C).</param>
    /// <param name="value">What answers, (B, S, C).</param>
    /// <param name="heads">Number of heads; divides C.</param>
    /// <param name="mask">Added to the logits (float) or kept (bool), broadcast over (B, heads, T, S).</param>
    /// <param name="causal">Whether a token sees only itself and those before it.</param>
    public static Tensor Run(Tensor query, Tensor key, Tensor value, long heads, Tensor? mask = null, bool causal = false)
    {
        var (batch, tokens, channels) = query.shape;
        var answer = nn.functional.scaled_dot_product_attention(Split(query), Split(key), Split(value), mask, is_casual: causal);
        return answer.transpose(1, 2).reshape(batch, tokens, channels);

        Tensor Split(Tensor x) => x.view(batch, x.shape[1], heads, channels / heads).transpose(1, 2);   // (B, H, T, D)
    }
}
