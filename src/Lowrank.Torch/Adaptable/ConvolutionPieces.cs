namespace Lowrank.Torch;

/// <summary>A 2-D convolution some output channels at a time.</summary>
/// <remarks>
/// libtorch brings a weight into another order before it convolves, into memory of the weight's size: 59 MB for the largest of SD 1.5's
/// UNet in bfloat16. Of a part of the output channels at a time it is a part of that, and each channel is the same sum as before.
/// </remarks>
static class ConvolutionPieces
{
    const long LargestBytes = 16 << 20;

    /// <summary>Whether the weight is large enough for it, and nothing goes back: a graph would hold every piece.</summary>
    public static bool Suit(Tensor x, Tensor weight, ConvolutionWalk walk) =>
        !OwnRoads.AreClosed && !is_grad_enabled() && x.device_type == DeviceType.CPU && walk.Groups == 1 && Count(weight) > 1;

    /// <summary>x (B, C, H, W) convolved with a weight (out, C, h, w).</summary>
    public static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvolutionWalk walk)
    {
        using var scope = NewDisposeScope();
        var weights = weight.chunk(Count(weight), 0);
        var biases = bias?.chunk(Count(weight), 0);
        var pieces = weights.Select((part, i) =>
            nn.functional.conv2d(x, part, biases?[i], walk.Stride, walk.Padding, walk.Dilation, walk.Groups));
        return scope.MoveToOuter(cat([.. pieces], 1));
    }

    static long Count(Tensor weight)
    {
        long pieces = (weight.numel() * weight.element_size() + LargestBytes - 1) / LargestBytes;
        return Math.Min(pieces, weight.shape[0]);
    }
}
