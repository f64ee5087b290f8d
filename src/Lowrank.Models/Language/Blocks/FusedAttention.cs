namespace Lowrank.Models;

/// <summary>Attention of tokens to tokens with one projection for queries, keys and values.</summary>
sealed class FusedAttention : Layer<Tensor, Pass>
{
    readonly AttentionShape shape;
    readonly QkvOrder order;
    readonly Layer fused, o;

    /// <param name="name">Its published class.</param>
    /// <param name="shape">How it attends.</param>
    /// <param name="fused">The projection in, with its name.</param>
    /// <param name="order">In which order its rows stand.</param>
    /// <param name="o">The projection out, with its name.</param>
    public FusedAttention(string name, AttentionShape shape, (string Name, Layer Layer) fused, QkvOrder order, (string Name, Layer Layer) o)
        : base(name)
    {
        (this.shape, this.order, this.fused, this.o) = (shape, order, fused.Layer, o.Layer);
        register_module(fused.Name, fused.Layer);
        register_module(o.Name, o.Layer);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    protected override Tensor Compute(Tensor x, Pass pass)
    {
        var (query, key, value) = Split(fused.call(x));
        return o.call(HeadAttention.Run(query, key, value, shape, pass));
    }

    (Tensor Query, Tensor Key, Tensor Value) Split(Tensor projected)
    {
        var (batch, tokens, _) = projected.shape;
        long heads = shape.Heads, keys = shape.KeyHeads, width = shape.HeadDim;
        if (order == QkvOrder.Whole)
        {
            var all = projected.view(batch, tokens, heads + 2 * keys, width);
            return (all.narrow(2, 0, heads), all.narrow(2, heads, keys), all.narrow(2, heads + keys, keys));
        }
        // Each key head with its queries before it and its values after it.
        var groups = projected.view(batch, tokens, keys, heads / keys + 2, width);
        var query = groups.narrow(3, 0, heads / keys).reshape(batch, tokens, heads, width);
        return (query, groups.select(3, heads / keys), groups.select(3, heads / keys + 1));
    }
}
