namespace Lowrank.Torch.Layers;

/// <summary>GPT-2's linear layer: y = x W + b, adaptable; weight (in, out), bias (out).</summary>
public sealed class Conv1D(long inFeatures, long outFeatures, Storage? storage = null)
    : AdaptableLayer(nameof(Conv1D), storage, [inFeatures, outFeatures], outFeatures)
{
    /// <inheritdoc/>
    public override LayerKind Kind => LayerKind.TransposedLinear;

    /// <inheritdoc/>
    public override Tensor Run(Tensor x, Tensor weight, Tensor? bias) => nn.functional.linear(x, Like(weight, x).t(), Like(bias, x));

    /// <inheritdoc/>
    protected override Tensor Run(Tensor x, IPackedWeight packed) => FrozenLinear.RunTransposed(x, packed, Bias);
}
