namespace Lowrank.Adapters;

/// <summary>The one scale and the one rank that a configuration of mlx-lm tells for all layers.</summary>
/// <param name="Scale">By what B·A is multiplied; that of most layers, so that most factors stay as they are.</param>
/// <param name="Rank">The largest of the layers' ranks: the factors of others have zeros beside them.</param>
readonly record struct MlxShape(double Scale, long Rank)
{
    /// <summary>Of an adapter.</summary>
    public static MlxShape Of(Adapter adapter)
    {
        var layers = adapter.Targets.Values.Select(LayerOf).OfType<MlxShape>().ToList();
        var scales = layers.Select(layer => layer.Scale).Where(scale => scale != 0).ToList();
        double most = scales.Count == 0 ? 1 : scales.GroupBy(scale => scale).MaxBy(group => group.Count())!.Key;
        return new(most, layers.Select(layer => layer.Rank).DefaultIfEmpty(1).Max());
    }

    /// <summary>A first factor (r, in) as it is written, (in, rank).</summary>
    public Tensor Down(Tensor value) => Widened(value.t()).contiguous();

    /// <summary>A second factor (out, r) as it is written, (rank, out), with what of the layer's own scale the file's is not.</summary>
    public Tensor Up(Reparameterization made, Tensor value)
    {
        double share = (LayerOf(made)?.Scale ?? Scale) / Scale;
        return Widened(share == 1 ? value : value * share).t().contiguous();
    }

    Tensor Widened(Tensor columns) => columns.shape[1] == Rank
        ? columns
        : cat([columns, zeros([columns.shape[0], Rank - columns.shape[1]], columns.dtype, columns.device)], 1);

    static MlxShape? LayerOf(Reparameterization made)
    {
        using var scope = NewDisposeScope();
        var parts = made.Parts.ToDictionary(part => part.Part, part => part.Value);
        if (!parts.TryGetValue("down", out var down) || !parts.TryGetValue("alpha", out var alpha)) return null;
        return new(alpha.ToDouble() / down.shape[0], down.shape[0]);
    }
}
