namespace Lowrank.Torch.Layers;

/// <summary>Rows of a table looked up by id, adaptable; weight (vocabulary, width).</summary>
public sealed class Embedding(long vocabulary, long width, Storage? storage = null)
    : AdaptableLayer(nameof(Embedding), storage, [vocabulary, width], 0)
{
    /// <inheritdoc/>
    public override LayerKind Kind => LayerKind.Embedding;

    /// <inheritdoc/>
    public override Tensor Run(Tensor ids, Tensor weight, Tensor? bias)
    {
        var rows = weight.index_select(0, ids.reshape(-1)).reshape([.. ids.shape, weight.shape[1]]);
        return bias is null ? rows : rows + bias;
    }

    /// <inheritdoc/>
    protected override Tensor Run(Tensor x, IPackedWeight packed)
    {
        var rows = packed.Rows(x);
        return rows.dtype == packed.Dtype ? rows : rows.to(packed.Dtype);
    }
}
