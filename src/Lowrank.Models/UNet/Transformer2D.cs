namespace Lowrank.Models;

/// <summary>
/// Transformer blocks over the places of a picture (B, C, H, W), attending to text (B, S, context channels), with a residual. A change
/// of self-attention holds for every block.
/// </summary>
sealed class Transformer2D : Layer<Tensor, Tensor, SelfAttentionChange?>
{
    readonly GroupNorm norm;
    readonly AdaptableLayer proj_in;
    readonly Modules.ModuleList<TransformerBlock> transformer_blocks;
    readonly AdaptableLayer proj_out;

    public Transformer2D(UNetConfig config, int channels, int heads, int depth, Storage? storage) : base("Transformer2DModel")
    {
        norm = new GroupNorm(config.NormGroups, channels, 1e-6, storage);
        proj_in = Projection();
        transformer_blocks = new([.. Enumerable.Range(0, depth).Select(_ =>
            new TransformerBlock(channels, config.CrossAttentionChannels, heads, config.UpcastAttention, storage))]);
        proj_out = Projection();
        RegisterComponents();

        AdaptableLayer Projection() => config.UseLinearProjection
            ? new Linear(channels, channels, storage: storage)
            : new Conv2d(channels, channels, 1, storage: storage);
    }

    protected override Tensor Compute(Tensor x, Tensor context, SelfAttentionChange? change)
    {
        var (_, _, height, width) = x.shape;
        bool linear = proj_in is Linear;
        var h = norm.call(x);
        if (!linear) h = h.Then(proj_in.call(h));
        h = h.Then(PictureTokens.Of);   // (B, HW, C)
        if (linear) h = h.Then(proj_in.call(h));

        for (int i = 0; i < transformer_blocks.Count; i++)
        {
            var own = change is null ? null : new NumberedChange(i, change);
            h = h.Then(transformer_blocks[i].call(h, context, own));
        }

        if (linear) h = h.Then(proj_out.call(h));
        // A convolution of a permuted tensor would answer in that layout, in which group norms are slow.
        h = h.Then(tokens => PictureTokens.ToPicture(tokens, height, width));   // (B, C, H, W)
        return linear ? h.Plus(x) : proj_out.call(h).Plus(x);
    }
}
