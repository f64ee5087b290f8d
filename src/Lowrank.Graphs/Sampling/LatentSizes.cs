namespace Lowrank.Graphs;

/// <summary>Brings latents and masks to other sizes as ComfyUI's samplers do.</summary>
static class LatentSizes
{
    /// <summary>x (N, C, h, w) at another height and width, bilinearly and without antialiasing.</summary>
    public static Tensor Bilinear(Tensor x, long height, long width) => x.shape[2] == height && x.shape[3] == width ? x
        : nn.functional.interpolate(x, [height, width], mode: InterpolationMode.Bilinear, align_corners: false);

    /// <summary>The same, after the longer direction is cropped in the middle to the new ratio.</summary>
    public static Tensor BilinearOfMiddle(Tensor x, long height, long width)
    {
        var (_, _, own, ownWidth) = x.shape;
        if (own == height && ownWidth == width) return x;
        double ratio = (double)ownWidth / own, wanted = (double)width / height;
        long left = ratio > wanted ? (long)Math.Round((ownWidth - ownWidth * (wanted / ratio)) / 2) : 0;
        long top = ratio < wanted ? (long)Math.Round((own - own * (ratio / wanted)) / 2) : 0;
        return Bilinear(x.narrow(2, top, own - 2 * top).narrow(3, left, ownWidth - 2 * left), height, width);
    }

    /// <summary>x with so many rows: repeated from the first, or cut.</summary>
    public static Tensor Repeated(Tensor x, long rows)
    {
        long own = x.shape[0];
        if (own == rows) return x;
        if (own > rows) return x.narrow(0, 0, rows);
        long[] times = [(rows + own - 1) / own, .. Enumerable.Repeat(1L, (int)x.dim() - 1)];
        return x.repeat(times).narrow(0, 0, rows);
    }

    /// <summary>x with so many rows: each as often as its place asks, or every so manieth.</summary>
    public static Tensor Stretched(Tensor x, long rows)
    {
        long own = x.shape[0];
        if (own == rows) return x;
        if (rows <= 1) return x.narrow(0, 0, rows);
        double scale = (double)(own - 1) / (rows - 1);
        long[] chosen = [.. Enumerable.Range(0, (int)rows).Select(i => rows < own ? (long)Math.Round(i * scale) : RowOf(i))];
        return x.index_select(0, tensor(chosen, device: x.device));

        long RowOf(int i) => Math.Clamp((long)Math.Floor((i + 0.5) * own / rows), 0, own - 1);
    }
}
