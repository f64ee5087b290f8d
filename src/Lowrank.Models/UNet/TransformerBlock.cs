namespace Lowrank.Models;

/// <summary>
/// Self-attention, attention to the text, and a feed-forward part, each after a norm and with a residual. (B, T, C) → (B, T, C).
/// </summary>
sealed class TransformerBlock : Layer<Tensor, Tensor, NumberedChange?>
{
    readonly LayerNorm norm1;
    readonly CrossAttention attn1;
    readonly LayerNorm norm2;
    readonly CrossAttention attn2;
    readonly LayerNorm norm3;
    readonly FeedForward ff;

    public TransformerBlock(int channels, int contextChannels, int heads, bool upcastAttention, Storage? storage)
        : base("BasicTransformerBlock")
    {
        norm1 = new LayerNorm(channels, storage: storage);
        attn1 = new CrossAttention(channels, channels, heads, upcastAttention, storage);
        norm2 = new LayerNorm(channels, storage: storage);
        attn2 = new CrossAttention(channels, contextChannels, heads, upcastAttention, storage);
        norm3 = new LayerNorm(channels, storage: storage);
        ff = new FeedForward(channels, storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x, Tensor context, NumberedChange? change)
    {
        var n = norm1.call(x);
        var h = n.Then(attn1.call(n, n, change)).Plus(x);
        n = norm2.call(h);
        h = h.Then(n.Then(attn2.call(n, context, null)).Plus(h));
        n = norm3.call(h);
        return h.Then(n.Then(ff.call(n)).Plus(h));
    }
}
