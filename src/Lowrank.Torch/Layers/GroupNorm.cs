namespace Lowrank.Torch.Layers;

/// <summary>Normalization over groups of channels of (B, C, ...), adaptable; weight and bias (channels).</summary>
public sealed class GroupNorm(long groups, long channels, double eps = 1e-5, Storage? storage = null)
    : AdaptableLayer(nameof(GroupNorm), storage, [channels], channels)
{
    /// <inheritdoc/>
    public override LayerKind Kind => LayerKind.Norm;

    /// <inheritdoc/>
    public override Tensor Run(Tensor x, Tensor weight, Tensor? bias) =>
        nn.functional.group_norm(x, groups, Like(weight, x), Like(bias, x), eps);
}
