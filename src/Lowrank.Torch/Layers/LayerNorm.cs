namespace Lowrank.Torch.Layers;

/// <summary>Normalization over the last axis, adaptable; weight and bias (width).</summary>
public sealed class LayerNorm(long width, double eps = 1e-5, Storage? storage = null)
    : AdaptableLayer(nameof(LayerNorm), storage, [width], width)
{
    readonly long[] shape = [width];

    /// <inheritdoc/>
    public override LayerKind Kind => LayerKind.Norm;

    /// <inheritdoc/>
    public override Tensor Run(Tensor x, Tensor weight, Tensor? bias) =>
        nn.functional.layer_norm(x, shape, Like(weight, x), Like(bias, x), eps);
}
