namespace Lowrank.Torch.Layers;

/// <summary>y = x Wᵀ + b, adaptable; weight (out, in), bias (out).</summary>
public sealed class Linear(long inFeatures, long outFeatures, bool bias = true, Storage? storage = null)
    : AdaptableLayer(nameof(Linear), storage, [outFeatures, inFeatures], bias ? outFeatures : 0)
{
    /// <inheritdoc/>
    public override LayerKind Kind => LayerKind.Linear;

    /// <inheritdoc/>
    public override Tensor Run(Tensor x, Tensor weight, Tensor? bias) => LinearProduct.Run(x, Like(weight, x), Like(bias, x));
}
