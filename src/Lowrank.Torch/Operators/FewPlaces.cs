namespace Lowrank.Torch;

/// <summary>A 2-D convolution whose answer has few places for its channels, as one product of the weight with the input's patches.</summary>
/// <remarks>
/// libtorch's convolution first brings the whole weight into another order, in each pass; where there are few places to use it at, that
/// takes longer than the convolution. The patches are as many as the places, and small then.
/// </remarks>
static class FewPlaces
{
    const long KeptBytes = 64 << 20;   // larger blocks of memory are fresh in each call: see FreedMemory

    /// <summary>Whether the product is faster: measured on Zen 4 with kernels of 3x3.</summary>
    /// <remarks>
    /// In bfloat16 from five channels a place on, where forward and input's gradient take 0.95 of the time; 0.75 with ten, 0.55 with eighty. In
    /// float32 the weight's order costs as much only where it goes to fresh memory: 0.3 to 0.6.
    /// </remarks>
    public static bool IsFaster(Tensor x, Tensor weight, ConvolutionWalk walk)
    {
        if (OwnRoads.Closed || x.device_type != DeviceType.CPU || walk.Groups != 1 || x.dim() != 4 || weight.requires_grad) return false;
        long[] shape = weight.shape;
        if (x.dtype != weight.dtype || shape[2] * shape[3] == 1) return false;
        long places = x.shape[0] * walk.Places(x.shape[2], shape[2], 0) * walk.Places(x.shape[3], shape[3], 1);
        return x.dtype switch
        {
            ScalarType.BFloat16 => shape[0] >= 5 * places && Processor.Current.MultipliesBFloat16,
            ScalarType.Float32 => shape[0] >= 16 * places && weight.numel() * sizeof(float) > KeptBytes,
            _ => false,
        };
    }

    /// <summary>x (B, C, H, W) convolved with a weight (out, C, h, w).</summary>
    public static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvolutionWalk walk)
    {
        using var scope = NewDisposeScope();
        long[] shape = weight.shape;
        var (batch, _, height, width) = x.shape;
        // On the way back the patches' gradients are added up: in float32.
        var summed = x.requires_grad && is_grad_enabled() ? x.to(ScalarType.Float32) : x;
        var patches = nn.functional                                                                                             // (B, C·h·w, L)
            .unfold(summed, (shape[2], shape[3]), Pair(walk.Dilation), Pair(walk.Padding), Pair(walk.Stride)).to(x.dtype);
        var columns = batch == 1 ? patches.squeeze(0) : patches.transpose(0, 1).reshape(patches.shape[1], -1);                    // (C·h·w, B·L)
        var rows = weight.view(shape[0], -1);
        var answer = bias is null ? rows.mm(columns) : addmm(bias.unsqueeze(1), rows, columns, 1, 1);                            // (out, B·L)
        long[] size = [batch, shape[0], walk.Places(height, shape[2], 0), walk.Places(width, shape[3], 1)];
        return scope.MoveToOuter(batch == 1 ? answer.view(size) : answer.view(shape[0], batch, -1).transpose(0, 1).reshape(size));

        static (long, long) Pair(long[] along) => (along[0], along[1]);
    }
}
