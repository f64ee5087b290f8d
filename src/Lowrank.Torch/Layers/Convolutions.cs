namespace Lowrank.Torch.Layers;

/// <summary>Convolution over (B, C, L), adaptable.</summary>
public sealed class Conv1d(
    long inChannels, long outChannels, long kernel, long stride = 1, long padding = 0, long dilation = 1, long groups = 1,
    bool bias = true, Storage? storage = null)
    : ConvolutionLayer(nameof(Conv1d), 1, inChannels, outChannels, kernel, stride, padding, dilation, groups, bias, storage)
{
    /// <inheritdoc/>
    public override LayerKind Kind => LayerKind.Conv1d;
}

/// <summary>Convolution over (B, C, H, W), adaptable.</summary>
public sealed class Conv2d(
    long inChannels, long outChannels, long kernel, long stride = 1, long padding = 0, long dilation = 1, long groups = 1,
    bool bias = true, Storage? storage = null)
    : ConvolutionLayer(nameof(Conv2d), 2, inChannels, outChannels, kernel, stride, padding, dilation, groups, bias, storage)
{
    /// <inheritdoc/>
    public override LayerKind Kind => LayerKind.Conv2d;
}

/// <summary>Convolution over (B, C, D, H, W), adaptable.</summary>
public sealed class Conv3d(
    long inChannels, long outChannels, long kernel, long stride = 1, long padding = 0, long dilation = 1, long groups = 1,
    bool bias = true, Storage? storage = null)
    : ConvolutionLayer(nameof(Conv3d), 3, inChannels, outChannels, kernel, stride, padding, dilation, groups, bias, storage)
{
    /// <inheritdoc/>
    public override LayerKind Kind => LayerKind.Conv3d;
}
