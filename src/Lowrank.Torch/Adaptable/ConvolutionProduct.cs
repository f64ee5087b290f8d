namespace Lowrank.Torch;

/// <summary>A 2-D convolution as one product of its weight with the input's patches.</summary>
/// <remarks>
/// libtorch's convolution first brings the whole weight into another order, in each pass; where there are few places to use it at, that
/// takes longer than the convolution, and the patches, as many as the places, are small.
/// </remarks>
static class ConvolutionProduct
{
    /// <summary>Whether the product is faster: measured on Zen 5, kernels of 3x3 and 1x1.</summary>
    /// <remarks>
    /// In bfloat16 from five channels a place on, where forward and input's gradient take 0.95 of the time (0.75 with ten, 0.55 with
    /// eighty), and for kernels of 1x1 (0.3 to 0.85). In float32 the weight's order costs as much only where it goes to fresh memory: 0.3
    /// to 0.6.
    /// </remarks>
    public static bool IsFaster(Tensor x, Tensor weight, Tensor? bias, ConvolutionWalk walk)
    {
        if (OwnRoads.AreClosed || !Suits(x, weight, bias, walk)) return false;
        long[] shape = weight.shape;
        long places = x.shape[0] * walk.Places(x.shape[2], shape[2], 0) * walk.Places(x.shape[3], shape[3], 1);
        return x.dtype switch
        {
            ScalarType.BFloat16 => Processor.Current.MultipliesBFloat16 && (IsPointwise(weight, walk) || shape[0] >= 5 * places),
            ScalarType.Float32 => shape[0] >= 16 * places && weight.numel() * sizeof(float) > FreedMemory.LargestKept,
            _ => false,
        };
    }

    // What libtorch refuses it refuses in its own words.
    static bool Suits(Tensor x, Tensor weight, Tensor? bias, ConvolutionWalk walk)
    {
        if (x.device_type != DeviceType.CPU || walk.Groups != 1 || x.dim() != 4 || x.numel() == 0) return false;
        bool biasFits = bias is null || (bias.dtype == x.dtype && bias.numel() == weight.shape[0]);
        return biasFits && x.dtype == weight.dtype && x.shape[1] == weight.shape[1];
    }

    /// <summary>x (B, C, H, W) convolved with a weight (out, C, h, w).</summary>
    public static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvolutionWalk walk)
    {
        using var scope = NewDisposeScope();
        var (batch, channels, height, width) = x.shape;
        var (outputs, _, high, wide) = weight.shape;
        long[] size = [batch, outputs, walk.Places(height, high, 0), walk.Places(width, wide, 1)];
        var rows = weight.reshape(outputs, -1);
        if (IsPointwise(weight, walk))
        {
            var pointwise = rows.expand(batch, outputs, channels).bmm(x.reshape(batch, channels, -1));
            return scope.MoveToOuter((bias is null ? pointwise : pointwise.add_(bias.view(1, -1, 1))).view(size));
        }
        // The batch's places stand beside each other, so that the weight is read once.
        var patches = Patches(x, high, wide, walk);                                                                    // (B, C·h·w, places)
        var columns = batch == 1 ? patches.squeeze(0) : patches.transpose(0, 1).reshape(rows.shape[1], -1);
        var answer = bias is null ? rows.mm(columns) : addmm(bias.unsqueeze(1), rows, columns, 1, 1);                  // (out, B·places)
        return scope.MoveToOuter(batch == 1 ? answer.view(size) : answer.view(outputs, batch, -1).transpose(0, 1).reshape(size));
    }

    static Tensor Patches(Tensor x, long high, long wide, ConvolutionWalk walk)
    {
        // On the way back the patches' gradients are added up: in float32.
        var summed = x.requires_grad && is_grad_enabled() ? x.to(ScalarType.Float32) : x;
        return nn.functional.unfold(summed, (high, wide), Pair(walk.Dilation), Pair(walk.Padding), Pair(walk.Stride)).to(x.dtype);

        static (long, long) Pair(long[] along) => (along[0], along[1]);
    }

    static bool IsPointwise(Tensor weight, ConvolutionWalk walk) =>
        weight.shape[2] * weight.shape[3] == 1 && walk.Stride.All(step => step == 1) && walk.Padding.All(zeros => zeros == 0);
}
