namespace Lowrank.Models;

/// <summary>Attention of tokens to tokens with a projection each for queries, keys and values, published as <c>q_proj</c>, <c>k_proj</c>,
/// <c>v_proj</c> and <c>o_proj</c>.</summary>
sealed class SelfAttention : Layer<Tensor, Pass>
{
    readonly AttentionShape shape;
    readonly AttentionParts parts;
    readonly Linear q, k, v, o;
    readonly Layer? queryNorm, keyNorm;
    readonly Parameter? sinks;

    /// <param name="name">Its published class.</param>
    /// <param name="hidden">Width of the hidden states.</param>
    /// <param name="shape">How it attends.</param>
    /// <param name="parts">What it has besides the projections' weights.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    public SelfAttention(string name, int hidden, AttentionShape shape, AttentionParts parts, Storage? storage) : base(name)
    {
        (this.shape, this.parts) = (shape, parts);
        q = new Linear(hidden, shape.Width, parts.Bias, storage);
        k = new Linear(hidden, shape.KeyWidth, parts.Bias, storage);
        v = new Linear(hidden, shape.KeyWidth, parts.Bias, storage);
        o = new Linear(shape.Width, hidden, parts.OutBias ?? parts.Bias, storage);
        register_module("q_proj", q);
        register_module("k_proj", k);
        register_module("v_proj", v);
        register_module(parts.OutName, o);
        if (parts.Norm is { } norm)
        {
            queryNorm = norm(shape.Heads);
            keyNorm = norm(shape.KeyHeads);
            register_module(parts.QueryNorm, queryNorm);
            register_module(parts.KeyNorm, keyNorm);
        }
        if (!parts.HasSinks) return;
        sinks = Weights.Parameter(storage, shape.Heads);
        register_parameter("sinks", sinks);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    protected override Tensor Compute(Tensor x, Pass pass)
    {
        var query = Heads(q.call(x), shape.Heads, queryNorm);
        var key = Heads(k.call(x), shape.KeyHeads, keyNorm);
        var value = Heads(v.call(x), shape.KeyHeads, null);
        return o.call(HeadAttention.Run(query, key, value, shape, pass, sinks));
    }

    /// <summary>Whether one token a row may be run as <see cref="Run"/> does.</summary>
    public bool TakesRows(Pass pass)
    {
        bool hasNorms = queryNorm is null or RmsNorm && keyNorm is null or RmsNorm;
        bool isPlain = hasNorms && sinks is null && shape is { SoftCap: null, Window: null, Causal: true };
        bool holdsAll = pass.Cache?.Layers[shape.Layer] is FullLayerCache;
        return isPlain && holdsAll && RowAttention.Suits(shape.HeadDim, pass.Dtype) && TokenRows.MayPass(this);
    }

    /// <summary>The answer for one token a row.</summary>
    public void Run(TokenRows x, TokenRows answer, Pass pass)
    {
        using TokenRows query = new(x.Count, shape.Width), key = new(x.Count, shape.KeyWidth), value = new(x.Count, shape.KeyWidth);
        Linear.Run(x, pass.Dtype, (q, query), (k, key), (v, value));
        (queryNorm as RmsNorm)?.Run(query, query, pass.Dtype);
        (keyNorm as RmsNorm)?.Run(key, key, pass.Dtype);
        if (shape.Rope is { } rope)
        {
            var (cos, sin) = pass.Rotation(rope);
            query.Turn(shape.Heads, cos, sin, shape.TurnsPairs);
            key.Turn(shape.KeyHeads, cos, sin, shape.TurnsPairs);
        }
        var held = (FullLayerCache)pass.Cache!.Layers[shape.Layer];
        var cache = held.Extend((x.Count, shape.KeyHeads, shape.HeadDim), pass.Dtype, pass.Seen);
        RowAttention.Run(query, key, value, cache, pass.Seen, shape.Scale, pass.Mask, query);
        Linear.Run(query, pass.Dtype, (o, answer));
    }

    Tensor Heads(Tensor projected, int heads, Layer? norm)
    {
        if (norm is not null && parts.NormsWhole) projected = norm.call(projected);
        var split = HeadAttention.Split(projected, heads, shape.HeadDim);
        return norm is null || parts.NormsWhole ? split : norm.call(split);
    }
}
