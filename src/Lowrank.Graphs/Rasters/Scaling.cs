namespace Lowrank.Graphs;

/// <summary>Latents and pictures at another size, as ComfyUI 0.3.64 scales them (comfy/utils.py, common_upscale).</summary>
static class Scaling
{
    /// <summary>Crops in the middle to the new shape before scaling.</summary>
    public const string Centre = "center";

    /// <summary>What is cropped before scaling.</summary>
    public static string[] Crops { get; } = ["disabled", Centre];

    /// <summary>Ways in which latents are scaled.</summary>
    public static string[] OfLatents { get; } = ["nearest-exact", "bilinear", "area", "bicubic", "bislerp"];

    /// <summary>Ways in which pictures are scaled.</summary>
    public static string[] OfPictures { get; } = ["nearest-exact", "bilinear", "area", "bicubic", "lanczos"];

    /// <summary>Scales (N, C, H, W); smaller too, without antialiasing but for "area" and "lanczos".</summary>
    /// <param name="x">Latents, or pictures in 0 to 1.</param>
    /// <param name="width">The new width.</param>
    /// <param name="height">The new height.</param>
    /// <param name="method">One of the lists.</param>
    /// <param name="crop">One of <see cref="Crops"/>.</param>
    public static Tensor Scale(Tensor x, long width, long height, string method, string crop = "disabled")
    {
        if (width < 1 || height < 1) throw new LowrankException($"Nothing can be scaled to {width}x{height}; sides begin at 1.");
        using var scope = NewDisposeScope();
        var part = crop == Centre ? Middle(x, width, height) : x;
        var scaled = method switch
        {
            "nearest-exact" => Nearest(Nearest(part, 2, height), 3, width),
            "area" => nn.functional.adaptive_avg_pool2d(part, [height, width]),
            "bislerp" => Bislerp.Scale(part, width, height),
            "lanczos" => Lanczos(part, width, height),
            _ => nn.functional.interpolate(part, size: [height, width], mode: Mode(method), align_corners: false),
        };
        return scope.MoveToOuter(scaled);
    }

    /// <summary>Scales (N, H, W, C).</summary>
    /// <inheritdoc cref="Scale"/>
    public static Tensor ScalePictures(Tensor x, long width, long height, string method, string crop = "disabled")
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Scale(x.permute(0, 3, 1, 2), width, height, method, crop).permute(0, 2, 3, 1).contiguous());
    }

    static InterpolationMode Mode(string method) => method switch
    {
        "bilinear" => InterpolationMode.Bilinear,
        "bicubic" => InterpolationMode.Bicubic,
        _ => throw new LowrankException($"\"{method}\" is no way of scaling. Known: {string.Join(", ", OfLatents.Union(OfPictures))}."),
    };

    // As much of the longer direction as the new shape has; halves are rounded to the even number, as Python does.
    static Tensor Middle(Tensor x, long width, long height)
    {
        long oldHeight = x.shape[2], oldWidth = x.shape[3], left = 0, top = 0;
        double before = (double)oldWidth / oldHeight, after = (double)width / height;
        if (before > after) left = (long)Math.Round((oldWidth - oldWidth * (after / before)) / 2);
        else if (before < after) top = (long)Math.Round((oldHeight - oldHeight * (before / after)) / 2);
        return x.narrow(2, top, oldHeight - 2 * top).narrow(3, left, oldWidth - 2 * left);
    }

    // In float32, as torch finds the places.
    static Tensor Nearest(Tensor x, int axis, long size)
    {
        long from = x.shape[axis];
        float scale = (float)from / size;
        long[] places = new long[size];
        for (long i = 0; i < size; i++) places[i] = Math.Min((long)MathF.Floor((i + 0.5f) * scale), from - 1);
        return x.index_select(axis, tensor(places, device: x.device));
    }

    // Through bytes, cut and not rounded.
    static Tensor Lanczos(Tensor x, long width, long height)
    {
        var rows = new List<Tensor>();
        for (long i = 0; i < x.shape[0]; i++)
        {
            var picture = PictureBytes.Of(x[i].permute(1, 2, 0), isCut: true);
            rows.Add(PictureBytes.ToTensor(Lanczos(picture, (int)width, (int)height)));
        }
        return stack(rows).permute(0, 3, 1, 2);
    }

    // Pillow since 12.3: where a picture shrinks in height and not in width, columns come first, which differs by up to 2 levels.
    static Picture Lanczos(Picture picture, int width, int height)
    {
        bool columnsFirst = height < picture.Height && width >= picture.Width;
        if (columnsFirst) picture = Resampler.Resize(picture, picture.Width, height, ResamplingKernel.Lanczos);
        return Resampler.Resize(picture, width, height, ResamplingKernel.Lanczos);
    }
}
