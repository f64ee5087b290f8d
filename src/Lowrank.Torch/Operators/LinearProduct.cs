namespace Lowrank.Torch;

/// <summary>x Wᵀ and g W of a linear layer, by the faster of libtorch's two roads.</summary>
/// <remarks>
/// libtorch multiplies float32 by MKL, which on AMD's processors uses half of what AVX-512 can do, and convolves by oneDNN, which uses all
/// of it. A linear layer is a convolution of 1x1 over tokens that are placed as a batch of pictures, whose channels lie together; nothing
/// is copied for that, but the weight is ordered anew. A layer of TorchSharp's own goes by MKL until it is adapted: last bits differ.
/// </remarks>
static class LinearProduct
{
    // libtorch leaves a kernel of 1x1 to MKL below so many pictures, and oneDNN wants some places in each.
    const long FewestPictures = 16, FewestPlaces = 4;
    const long FewestTokens = 128, FewestProducts = 4 << 20;

    /// <summary>x (..., in) times a weight (out, in), and a bias.</summary>
    public static Tensor Run(Tensor x, Tensor weight, Tensor? bias = null)
    {
        if (Pictures(x, weight) is not (> 0 and var pictures)) return OfRows(x, weight, bias);
        using var scope = NewDisposeScope();
        var answer = nn.functional.conv2d(Placed(x, pictures), Kernel(weight), bias);
        return scope.MoveToOuter(Rows(answer).reshape([.. x.shape[..^1], weight.shape[0]]));
    }

    // Of a cut batch, such as each row's last token, libtorch makes a product for each row, and in bfloat16 a copy of the weight for each.
    static Tensor OfRows(Tensor x, Tensor weight, Tensor? bias)
    {
        if (x.dim() <= 2 || x.is_contiguous()) return nn.functional.linear(x, weight, bias);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(nn.functional.linear(x.contiguous(), weight, bias));
    }

    /// <summary>g (tokens, out) times a weight (out, in): what goes back to the layer's input.</summary>
    public static Tensor Back(Tensor g, Tensor weight)
    {
        if (Pictures(g, weight) is not (> 0 and var pictures)) return g.mm(weight);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Rows(nn.functional.conv_transpose2d(Placed(g, pictures), Kernel(weight))).reshape(g.shape[0], -1));
    }

    /// <summary>As how many pictures the tokens go through oneDNN; 0 where MKL is as fast. It hangs on shapes alone, so that a layer gives
    /// the same bits however it is trained.</summary>
    /// <remarks>
    /// Measured on Zen 5: 0.85 of MKL's time at 4 million products, 0.45 to 0.5 from 100 million on with 1,024 tokens, 0.55 to 0.95 with
    /// 128. With fewer tokens ordering the weight takes longer than the product.
    /// </remarks>
    public static long Pictures(Tensor x, Tensor weight)
    {
        if (x.dtype != ScalarType.Float32 || !Processor.Current.LeavesFloat32ToAvx2 || OwnRoads.AreClosed) return 0;
        if (weight.dtype != ScalarType.Float32 || x.device_type != DeviceType.CPU || !weight.is_contiguous()) return 0;
        if (weight.numel() == 0) return 0;
        long tokens = x.numel() / x.shape[^1], products = tokens * weight.numel();
        bool suits = tokens >= FewestTokens && products >= FewestProducts && weight.numel() * sizeof(float) <= FreedMemory.LargestKept;
        if (!suits) return 0;
        for (long pictures = FewestPictures; pictures * FewestPlaces <= tokens; pictures++)
            if (tokens % pictures == 0) return pictures;
        return 0;
    }

    // (pictures, channels, places, 1), channels last.
    static Tensor Placed(Tensor x, long pictures) => x.reshape(pictures, -1, 1, x.shape[^1]).permute(0, 3, 1, 2);

    static Tensor Kernel(Tensor weight) => weight.view(weight.shape[0], 1, 1, weight.shape[1]).permute(0, 3, 1, 2);

    static Tensor Rows(Tensor answer) => answer.permute(0, 2, 3, 1);
}
