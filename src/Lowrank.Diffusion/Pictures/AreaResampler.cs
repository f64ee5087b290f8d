namespace Lowrank.Diffusion;

/// <summary>Resizes so that each pixel is the mean of the area that it covers (OpenCV's INTER_AREA).</summary>
public static class AreaResampler
{
    /// <summary>The picture at another size, no side larger than before.</summary>
    public static Picture Resize(Picture picture, int width, int height)
    {
        var rows = new float[3 * width * picture.Height];
        var across = Enumerable.Range(0, width).Select(x => Weights(x, picture.Width, width)).ToArray();
        for (int y = 0; y < picture.Height; y++)
            for (int x = 0; x < width; x++)
            {
                var (first, weights) = across[x];
                for (int c = 0; c < 3; c++)
                {
                    double sum = 0;
                    int start = 3 * (y * picture.Width + first) + c;
                    for (int i = 0; i < weights.Length; i++) sum += weights[i] * picture.Pixels[start + 3 * i];
                    rows[3 * (y * width + x) + c] = (float)sum;
                }
            }

        var pixels = new byte[3 * width * height];
        int stride = 3 * width;
        var sums = new double[stride];
        for (int y = 0; y < height; y++)
        {
            var (first, weights) = Weights(y, picture.Height, height);
            Array.Clear(sums);
            for (int i = 0; i < weights.Length; i++)
                for (int x = 0; x < stride; x++) sums[x] += weights[i] * rows[(first + i) * stride + x];
            for (int x = 0; x < stride; x++) pixels[y * stride + x] = (byte)Math.Clamp(Math.Round(sums[x]), 0, 255);
        }
        return new Picture(width, height, pixels) { InfoText = picture.InfoText };
    }

    // The first source pixel of a target pixel, and the share of each from there on, which sum to 1.
    static (int First, double[] Weights) Weights(int target, int from, int to)
    {
        double scale = (double)from / to, start = target * scale, end = Math.Min((target + 1) * scale, from);
        int first = (int)start, last = Math.Min((int)Math.Ceiling(end), from);
        double[] covered = [.. Enumerable.Range(first, last - first).Select(i => Math.Min(i + 1, end) - Math.Max(i, start))];
        double sum = covered.Sum();
        return (first, [.. covered.Select(share => share / sum)]);
    }
}
