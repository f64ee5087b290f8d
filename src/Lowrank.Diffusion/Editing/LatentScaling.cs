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
            "bilinear" when smooth => Smoothed(latents, height, width, 1, Triangle),
            "bicubic" when smooth => Smoothed(latents, height, width, 2, Cubic),
            "bilinear" => Interpolated(latents, height, width, InterpolationMode.Bilinear),
            "bicubic" => Interpolated(latents, height, width, InterpolationMode.Bicubic),
            "nearest" => nn.functional.upsample_nearest2d(latents, [height, width], null),
            "nearest-exact" => NearestMiddle(NearestMiddle(latents, 2, height), 3, width),
            _ => throw new LowrankException($"\"{mode}\" is no way to interpolate. Known: {string.Join(", ", Modes)}."),
        });
    }

    static Tensor Interpolated(Tensor latents, long height, long width, InterpolationMode mode) =>
        nn.functional.interpolate(latents, [height, width], mode: mode, align_corners: false);

    // torch's UpSampleKernel.cpp with antialiasing, as two products.
    static Tensor Smoothed(Tensor latents, long height, long width, double radius, Func<double, double> filter)
    {
        var (_, _, rows, columns) = latents.shape;
        var across = Weights(columns, width, radius, filter).to(latents.device);
        var down = Weights(rows, height, radius, filter).to(latents.device);
        return down.matmul(latents.matmul(across.transpose(0, 1)));
    }

    // (to, from): each place's share of the places around it.
    static Tensor Weights(long from, long to, double radius, Func<double, double> filter)
    {
        double scale = (double)from / to, stretch = Math.Max(scale, 1);
        var weights = new float[to * from];
        for (long i = 0; i < to; i++)
        {
            double middle = scale * (i + 0.5), reach = radius * stretch;
            long first = Math.Max((long)(middle - reach + 0.5), 0), end = Math.Min((long)(middle + reach + 0.5), from);
            double[] shares = [.. Enumerable.Range(0, (int)(end - first)).Select(j => filter((j + first - middle + 0.5) / stretch))];
            double sum = shares.Sum();
            for (long j = first; j < end; j++) weights[i * from + j] = (float)(shares[j - first] / sum);
        }
        return tensor(weights, [to, from], device: CPU);
    }

    static double Triangle(double x) => Math.Max(1 - Math.Abs(x), 0);

    // Keys's with a = −0.5, where the plain one has −0.75.
    static double Cubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
        return x < 2 ? ((x - 5) * x + 8) * x * a - 4 * a : 0;
    }

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
