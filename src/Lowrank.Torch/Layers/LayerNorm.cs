namespace Lowrank.Torch.Layers;

/// <summary>Normalization over the last axis, adaptable; weight and bias (width).</summary>
/// <param name="width">Length of the last axis.</param>
/// <param name="eps">Added to the variance.</param>
/// <param name="storage">Where and in which dtype weight and bias are kept.</param>
/// <param name="bias">Whether there is a bias.</param>
public sealed class LayerNorm(long width, double eps = 1e-5, Storage? storage = null, bool bias = true)
    : AdaptableLayer(nameof(LayerNorm), storage, [width], bias ? width : 0)
{
    readonly long[] shape = [width];

    /// <inheritdoc/>
    public override LayerKind Kind => LayerKind.Norm;

    /// <inheritdoc/>
    public override Tensor Run(Tensor x, Tensor weight, Tensor? bias) =>
        nn.functional.layer_norm(x, shape, Like(weight, x), Like(bias, x), eps);
}
