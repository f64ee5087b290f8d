namespace Lowrank.Models;

/// <summary>Attention whose scores are not divided by √d: of tokens to each other, or of the decoder's tokens to the encoder's.</summary>
sealed class T5Attention : Layer<Tensor, T5Step>
{
    readonly Linear q, k, v, o;
    readonly Embedding? distances;
    readonly T5Config config;
    readonly int number;
    readonly bool looksBack;

    /// <param name="config">The shape.</param>
    /// <param name="number">Of which layer.</param>
    /// <param name="looksBack">Whether it is asked of the encoder's states.</param>
    /// <param name="hasTable">Whether it holds the stack's table of distances.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    public T5Attention(T5Config config, int number, bool looksBack, bool hasTable, Storage? storage) : base("T5Attention")
    {
        (this.config, this.number, this.looksBack) = (config, number, looksBack);
        int inner = config.Heads * config.HeadDim;
        q = new Linear(config.HiddenSize, inner, false, storage);
        k = new Linear(config.HiddenSize, inner, false, storage);
        v = new Linear(config.HiddenSize, inner, false, storage);
        o = new Linear(inner, config.HiddenSize, false, storage);
        register_module("q", q);
        register_module("k", k);
        register_module("v", v);
        register_module("o", o);
        if (!hasTable) return;
        distances = new Embedding(config.Buckets, config.Heads, storage);
        register_module("relative_attention_bias", distances);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    /// <summary>What the table of distances adds to scores, (1, H, T, S).</summary>
    /// <param name="rows">Which rows, (T, S).</param>
    public Tensor Bias(Tensor rows) => distances!.call(rows).permute(2, 0, 1).unsqueeze(0);

    protected override Tensor Compute(Tensor x, T5Step step)
    {
        var (key, value) = looksBack ? Back(step) : Own(x, step.Pass.Cache?.Layers[number]);
        var mask = looksBack ? step.Kept!.Sight(x.dtype) : step.Bias;
        var query = q.call(x) * Math.Sqrt(config.HeadDim);   // the kernels below have 1/√d
        return o.call(Attention.Run(query, key.flatten(2), value.flatten(2), config.Heads, mask));
    }

    (Tensor Keys, Tensor Values) Own(Tensor x, LayerCache? cache)
    {
        var (key, value) = (Heads(k.call(x)), Heads(v.call(x)));
        return cache is null ? (key, value) : cache.Append(key, value);
    }

    (Tensor Keys, Tensor Values) Back(T5Step step)
    {
        if (step.Kept!.Kept(number) is { } kept) return kept;
        var (key, value) = (Heads(k.call(step.Memory!)), Heads(v.call(step.Memory!)));
        if (step.Pass.Cache is not null) step.Kept.Keep(number, key, value);
        return (key, value);
    }

    Tensor Heads(Tensor projected) => HeadAttention.Split(projected, config.Heads, config.HeadDim);
}
