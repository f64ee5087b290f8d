namespace Lowrank.Models;

/// <summary>Multi-head attention of tokens (B, T, C) to a context (B, S, context channels): themselves, or the text.</summary>
sealed class CrossAttention : Layer<Tensor, Tensor, NumberedChange?>
{
    readonly Linear to_q, to_k, to_v;
    readonly Modules.ModuleList<Linear> to_out;
    readonly int heads;
    readonly bool upcast;

    /// <param name="channels">Channels of the tokens.</param>
    /// <param name="contextChannels">Channels of the context.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="upcast">Whether logits are computed in float32: SD 2.1's leave the range of float16.</param>
    /// <param name="storage">Where weights are kept.</param>
    public CrossAttention(int channels, int contextChannels, int heads, bool upcast, Storage? storage) : base("Attention")
    {
        this.heads = heads;
        this.upcast = upcast;
        to_q = new Linear(channels, channels, bias: false, storage);
        to_k = new Linear(contextChannels, channels, bias: false, storage);
        to_v = new Linear(contextChannels, channels, bias: false, storage);
        to_out = new(new Linear(channels, channels, storage: storage));
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x, Tensor context, NumberedChange? change)
    {
        var (q, k, v) = (to_q.call(x), to_k.call(context), to_v.call(context));
        var dtype = q.dtype;
        if (upcast) (q, k, v) = (Raised(q), Raised(k), Raised(v));
        if (change is not null) return to_out[0].call(change.Answer(q, k, v, heads).to(dtype));
        var attended = q.Then(asking => Attention.Run(asking, k, v, heads).to(dtype));
        k.Dispose();
        v.Dispose();
        return to_out[0].call(attended);

        static Tensor Raised(Tensor x) => x.Then(x.to(ScalarType.Float32));
    }
}
