namespace Lowrank.Diffusion;

/// <summary>Latents at another size, between two passes.</summary>
public static class LatentScaling
{
    /// <summary>Ways to interpolate.</summary>
    public static IReadOnlyList<string> Modes { get; } = ["bilinear", "bicubic", "nearest", "nearest-exact"];

    /// <summary>Latents (B, C, H, W) at another size, as torch's interpolate makes them.</summary>
    /// <param name="latents">The latents.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="mode">One of <see cref="Modes"/>.</param>
    /// <param name="smooth">Whether against aliasing, with the first two.</param>
    /// <exception cref="LowrankException">The mode is not known.</exception>
    public static Tensor Resize(Tensor latents, long height, long width, string mode, bool smooth = false)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(mode switch
        {
            "bilinear" => Interpolated(latents, height, width, InterpolationMode.Bilinear, smooth),
            "bicubic" => Interpolated(latents, height, width, InterpolationMode.Bicubic, smooth),
            "nearest" => nn.functional.upsample_nearest2d(latents, [height, width], null),
            "nearest-exact" => NearestMiddle(NearestMiddle(latents, 2, height), 3, width),
            _ => throw new LowrankException($"\"{mode}\" is no way to interpolate. Known: {string.Join(", ", Modes)}."),
        });
    }

    static Tensor Interpolated(Tensor latents, long height, long width, InterpolationMode mode, bool smooth) =>
        nn.functional.interpolate(latents, [height, width], mode: mode, align_corners: false, antialias: smooth);

    // Where the middle of each place lies, found in float32 as torch does.
    static Tensor NearestMiddle(Tensor x, int axis, long size)
    {
        long from = x.shape[axis];
        float scale = (float)from / size;
        long[] places = new long[size];
        for (long i = 0; i < size; i++) places[i] = Math.Min((long)MathF.Floor((i + 0.5f) * scale), from - 1);
        return x.index_select(axis, tensor(places, device: x.device));
    }
}
