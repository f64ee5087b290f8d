namespace Lowrank.Diffusion;

/// <summary>Resizes by weighted sums along rows, then along columns.</summary>
public static class Resampler
{
    // Pillow's weights are whole numbers of this many bits behind the point, which decides how sums near a half are rounded.
    const int FractionBits = 22;

    /// <summary>A kernel: the weights of the source pixels for one target pixel.</summary>
    /// <param name="Weights">
    /// For (target index, source length, target length): the first source index and the weights from there on, which sum to 1.
    /// </param>
    /// <param name="IsPillows">Whether it sums as Pillow does: in whole numbers, and rows are rounded to bytes before columns are
    /// summed.</param>
    public sealed record Kernel(Func<int, int, int, (int First, double[] Weights)> Weights, bool IsPillows)
    {
        // As Weights, in the units that sums are made in.
        internal (int First, double[] Weights) Units(int target, int from, int to)
        {
            var (first, weights) = Weights(target, from, to);
            if (IsPillows) weights = [.. weights.Select(w => Math.Round(w * (1 << FractionBits), MidpointRounding.AwayFromZero))];
            return (first, weights);
        }

        internal float Between(double sum) => IsPillows ? Byte(sum) : (float)sum;

        internal byte Byte(double sum)
        {
            double value = IsPillows ? Math.Floor(sum / (1 << FractionBits) + 0.5) : Math.Round(sum);
            return (byte)Math.Clamp(value, 0, 255);
        }
    }

    /// <summary>Each target pixel is the mean of the area that it covers (OpenCV's INTER_AREA).</summary>
    public static Kernel Area { get; } = new((target, from, to) =>
    {
        double scale = (double)from / to, start = target * scale, end = Math.Min((target + 1) * scale, from);
        int first = (int)start, last = Math.Min((int)Math.Ceiling(end), from);
        return (first, Normalized([.. Enumerable.Range(first, last - first).Select(i => Math.Min(i + 1, end) - Math.Max(i, start))]));
    }, IsPillows: false);

    /// <summary>Lanczos with three lobes, widened when it shrinks (Pillow's LANCZOS).</summary>
    public static Kernel Lanczos { get; } = new((target, from, to) =>
    {
        double scale = (double)from / to, widening = Math.Max(scale, 1), support = 3 * widening, center = (target + 0.5) * scale;
        int first = Math.Max((int)(center - support + 0.5), 0), last = Math.Min((int)(center + support + 0.5), from);
        return (first, Normalized([.. Enumerable.Range(first, last - first).Select(i => Sinc((i - center + 0.5) / widening))]));

        // sinc(x)·sinc(x/3)
        static double Sinc(double x)
        {
            if (x == 0) return 1;
            if (Math.Abs(x) >= 3) return 0;
            return Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / 3) * 3 / (Math.PI * Math.PI * x * x);
        }
    }, IsPillows: true);

    /// <summary>The picture at another size.</summary>
    public static Picture Resize(Picture picture, int width, int height, Kernel kernel)
    {
        var rows = new float[3 * width * picture.Height];
        var across = Enumerable.Range(0, width).Select(x => kernel.Units(x, picture.Width, width)).ToArray();
        for (int y = 0; y < picture.Height; y++)
            for (int x = 0; x < width; x++)
            {
                var (first, weights) = across[x];
                for (int c = 0; c < 3; c++)
                {
                    double sum = 0;
                    int start = 3 * (y * picture.Width + first) + c;
                    for (int i = 0; i < weights.Length; i++) sum += weights[i] * picture.Pixels[start + 3 * i];
                    rows[3 * (y * width + x) + c] = kernel.Between(sum);
                }
            }

        var pixels = new byte[3 * width * height];
        int stride = 3 * width;
        var sums = new double[stride];
        for (int y = 0; y < height; y++)
        {
            var (first, weights) = kernel.Units(y, picture.Height, height);
            Array.Clear(sums);
            for (int i = 0; i < weights.Length; i++)
                for (int x = 0; x < stride; x++) sums[x] += weights[i] * rows[(first + i) * stride + x];
            for (int x = 0; x < stride; x++) pixels[y * stride + x] = kernel.Byte(sums[x]);
        }
        return new Picture(width, height, pixels) { InfoText = picture.InfoText };
    }

    static double[] Normalized(double[] weights)
    {
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}
