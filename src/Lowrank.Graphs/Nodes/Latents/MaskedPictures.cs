namespace Lowrank.Graphs;

/// <summary>Pictures that are encoded with a mask beside them.</summary>
/// <remarks>After ComfyUI's nodes.py (0.3.64).</remarks>
static class MaskedPictures
{
    /// <summary>Both cropped in the middle to multiples of a factor, the mask at the picture's size.</summary>
    /// <param name="pixels">(N, H, W, C).</param>
    /// <param name="mask">(M, h, w) of any size.</param>
    /// <param name="factor">The factor.</param>
    /// <returns>Pictures (N, H', W', C) and mask (M, 1, H', W').</returns>
    public static (Tensor Pixels, Tensor Mask) Cropped(Tensor pixels, Tensor mask, int factor)
    {
        var (_, height, width, _) = pixels.shape;
        var flat = LatentSizes.Bilinear(mask.reshape(-1, 1, mask.shape[^2], mask.shape[^1]), height, width);
        var cropped = Middle(Middle(flat, 2, height, factor), 3, width, factor).clone();
        return (Middle(Middle(pixels, 1, height, factor), 2, width, factor), cropped);
    }

    /// <summary>Pictures (N, H, W, C) with grey of ½ where a mask (M, 1, H, W) is, after rounding, 1.</summary>
    public static Tensor Greyed(Tensor pixels, Tensor mask)
    {
        var left = (1 - mask.round()).squeeze(1).unsqueeze(-1);   // (M, H, W, 1)
        return (pixels - 0.5) * left + 0.5;
    }

    static Tensor Middle(Tensor x, int axis, long size, int factor) => x.narrow(axis, size % factor / 2, size / factor * factor);
}
