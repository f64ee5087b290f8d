namespace Lowrank.Diffusion;

/// <summary>Whether the tensors that a start is given are pictures and masks, and of the size that is drawn.</summary>
static class StartTensors
{
    const int Colours = 3;

    // Resampling may overshoot [−1, 1] a little; levels of 0 to 255 lie far beyond.
    const double Farthest = 2;

    /// <summary>Pictures, if they are some.</summary>
    /// <exception cref="ArgumentNullException">There are none.</exception>
    /// <exception cref="ShapeException">They have another shape than (B, 3, H, W).</exception>
    /// <exception cref="LowrankException">Their values are none of [−1, 1].</exception>
    public static Tensor Pictures(Tensor pictures)
    {
        RequireShape(pictures, Colours, nameof(pictures));
        if (!is_floating_point(pictures))
            throw new LowrankException($"the pictures to begin with are {pictures.dtype}; they are numbers in [-1, 1]. " +
                "PictureTransforms.ToTensor makes them of a picture.");
        using var scope = NewDisposeScope();
        double largest = pictures.detach().abs().max().to(ScalarType.Float64).item<double>();
        if (largest <= Farthest) return pictures;
        throw new LowrankException($"the pictures to begin with hold values up to {PlainValue.Text(largest)}; they lie in [-1, 1]. " +
            "PictureTransforms.ToTensor brings levels of 0 to 255 there.");
    }

    /// <summary>A mask, if it is one.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    /// <exception cref="ShapeException">It has another shape than (1 or B, 1, H, W).</exception>
    /// <exception cref="LowrankException">Its values are none of [0, 1].</exception>
    public static Tensor Mask(Tensor mask)
    {
        RequireShape(mask, 1, nameof(mask));
        using var scope = NewDisposeScope();
        var (least, most) = mask.detach().to(ScalarType.Float32).aminmax();
        var (from, to) = (least.ToDouble(), most.ToDouble());
        if (from >= 0 && to <= 1) return mask;
        throw new LowrankException($"the mask to begin with holds values from {PlainValue.Text(from)} to {PlainValue.Text(to)}; they lie " +
            "in [0, 1], 1 where is drawn anew. Divide levels of 0 to 255 by 255.");
    }

    /// <summary>Why pictures or a mask do not go with the size that is drawn; none where they do.</summary>
    /// <param name="given">The tensor.</param>
    /// <param name="what">What it is called: "picture", "mask".</param>
    /// <param name="width">Pixels across that are drawn.</param>
    /// <param name="height">Pixels down.</param>
    public static IEnumerable<string> SizeFaults(Tensor given, string what, int width, int height)
    {
        if (given.IsInvalid)
        {
            yield return $"the {what} to begin with was disposed of (it is needed until all is drawn)";
            yield break;
        }
        var (_, _, rows, columns) = given.shape;
        if (rows == height && columns == width) yield break;
        yield return $"the {what} to begin with has {columns}x{rows} pixels, and {width}x{height} are drawn " +
            "(PictureFitting.Fit brings a picture to a size)";
    }

    static void RequireShape(Tensor given, int channels, string name)
    {
        ArgumentNullException.ThrowIfNull(given, name);
        if (given.dim() == 4 && given.shape[1] == channels && given.numel() > 0) return;
        throw new ShapeException($"the shape of the {name} to begin with is {given.shape.Text()}, and must be " +
            $"(number, {channels}, height, width). unsqueeze(0) makes a batch of one.");
    }
}
