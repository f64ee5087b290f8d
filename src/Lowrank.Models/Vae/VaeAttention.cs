namespace Lowrank.Models;

/// <summary>Attention with one head of all places of a picture (B, C, H, W) to each other, after a norm and with a residual.</summary>
sealed class VaeAttention : Layer
{
    readonly GroupNorm group_norm;
    readonly Linear to_q, to_k, to_v;
    readonly Modules.ModuleList<Linear> to_out;

    public VaeAttention(int channels, int groups, Storage? storage) : base(nameof(VaeAttention))
    {
        group_norm = new GroupNorm(groups, channels, 1e-6, storage);
        to_q = Projection();
        to_k = Projection();
        to_v = Projection();
        to_out = new(Projection());
        RegisterComponents();

        Linear Projection() => new(channels, channels, storage: storage);
    }

    protected override Tensor Compute(Tensor x)
    {
        var (batch, channels, height, width) = x.shape;
        var h = group_norm.call(x).Then(picture => picture.flatten(2).transpose(1, 2).contiguous());   // (B, HW, C)
        var (q, k, v) = (to_q.call(h), to_k.call(h), to_v.call(h));
        h.Dispose();
        h = q.Then(asking => Attention.Run(asking, k, v, heads: 1));
        k.Dispose();
        v.Dispose();
        h = h.Then(to_out[0].call(h));
        return x + h.transpose(1, 2).reshape(batch, channels, height, width);
    }
}
