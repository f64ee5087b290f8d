namespace Lowrank.Diffusion;

/// <summary>
/// Resizes as Pillow does: by sums along rows, rounded to bytes, then along columns. The kernel widens when a side shrinks.
/// </summary>
/// <remarks>Source: Pillow 9.5.0, src/libImaging/Resample.c; nearest pixels: Geometry.c, ImagingScaleAffine.</remarks>
public static class Resampler
{
    // Weights are whole numbers of this many bits behind the point, which decides how sums near a half are rounded.
    const int FractionBits = 22;

    /// <summary>The picture at another size.</summary>
    public static Picture Resize(Picture picture, int width, int height, ResamplingKernel kernel) =>
        Resize(picture, PictureRegion.Whole(picture.Width, picture.Height), width, height, kernel);

    /// <summary>A part of the picture at another size; pixels around the part weigh in at its edges.</summary>
    /// <param name="picture">The whole picture.</param>
    /// <param name="part">The part; of no width or height it is the edge there, stretched.</param>
    /// <param name="width">Pixels across of the answer.</param>
    /// <param name="height">Pixels down of the answer.</param>
    /// <param name="kernel">How pixels weigh.</param>
    public static Picture Resize(Picture picture, PictureRegion part, int width, int height, ResamplingKernel kernel)
    {
        var (pixels, size) = (picture.Pixels, (picture.Width, picture.Height));
        return new(width, height, Resize(pixels, 3, size, part, width, height, kernel)) { InfoText = picture.InfoText };
    }

    /// <summary>The mask at another size.</summary>
    public static Mask Resize(Mask mask, int width, int height, ResamplingKernel kernel)
    {
        var (size, whole) = ((mask.Width, mask.Height), PictureRegion.Whole(mask.Width, mask.Height));
        return new(width, height, Resize(mask.Levels, 1, size, whole, width, height, kernel));
    }

    /// <summary>The picture at another size, each pixel that of the place nearest to it.</summary>
    public static Picture Nearest(Picture picture, int width, int height)
    {
        int[] columns = NearestIndices(picture.Width, width), rows = NearestIndices(picture.Height, height);
        var pixels = new byte[3 * width * height];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                picture.Pixels.AsSpan(3 * (rows[y] * picture.Width + columns[x]), 3).CopyTo(pixels.AsSpan(3 * (y * width + x)));
        return new(width, height, pixels) { InfoText = picture.InfoText };
    }

    // Added up, as Pillow does, whose last bits may decide.
    static int[] NearestIndices(int from, int to)
    {
        double scale = (double)from / to, place = scale * 0.5;
        var indices = new int[to];
        for (int i = 0; i < to; i++, place += scale) indices[i] = Math.Min((int)place, from - 1);
        return indices;
    }

    static byte[] Resize(
        byte[] pixels, int channels, (int Width, int Height) size, PictureRegion part, int width, int height, ResamplingKernel kernel)
    {
        if (width < 1 || height < 1) throw new LowrankException($"A picture cannot be resized to {width}x{height}; sides begin at 1.");
        bool keepsColumns = width == size.Width && part.Left == 0 && part.Right == size.Width;
        bool keepsRows = height == size.Height && part.Top == 0 && part.Bottom == size.Height;
        var rows = keepsColumns ? pixels : Across(pixels, channels, size, Taps(size.Width, part.Left, part.Right, width, kernel));
        return keepsRows ? rows : Down(rows, channels * width, Taps(size.Height, part.Top, part.Bottom, height, kernel));
    }

    // For each target pixel the first source pixel that weighs in, and the weights from there on, which sum to about 2^22.
    static (int First, int[] Weights)[] Taps(int length, int start, int end, int target, ResamplingKernel kernel)
    {
        double scale = (double)(end - start) / target, widening = Math.Max(scale, 1), support = kernel.Support * widening;
        double narrowing = 1 / widening;
        var taps = new (int, int[])[target];
        for (int i = 0; i < target; i++)
        {
            double center = start + (i + 0.5) * scale;
            int first = Math.Max((int)(center - support + 0.5), 0), last = Math.Min((int)(center + support + 0.5), length);
            var weights = new double[Math.Max(last - first, 0)];
            double sum = 0;
            for (int j = 0; j < weights.Length; j++) sum += weights[j] = kernel.Weight((j + first - center + 0.5) * narrowing);
            taps[i] = (first, [.. weights.Select(weight => Units(sum == 0 ? weight : weight / sum))]);
        }
        return taps;
    }

    static int Units(double weight) => (int)(weight * (1 << FractionBits) + (weight < 0 ? -0.5 : 0.5));

    static byte[] Across(byte[] pixels, int channels, (int Width, int Height) size, (int First, int[] Weights)[] taps)
    {
        var sums = new byte[channels * taps.Length * size.Height];
        for (int y = 0; y < size.Height; y++)
        {
            var row = pixels.AsSpan(channels * y * size.Width, channels * size.Width);
            var target = sums.AsSpan(channels * y * taps.Length, channels * taps.Length);
            for (int x = 0; x < taps.Length; x++)
            {
                var (first, weights) = taps[x];
                for (int c = 0; c < channels; c++) target[channels * x + c] = Sum(row, channels * first + c, channels, weights);
            }
        }
        return sums;
    }

    static byte Sum(ReadOnlySpan<byte> row, int at, int stride, ReadOnlySpan<int> weights)
    {
        int sum = 1 << (FractionBits - 1);
        foreach (int weight in weights)
        {
            sum += weight * row[at];
            at += stride;
        }
        return Byte(sum);
    }

    static byte[] Down(byte[] rows, int stride, (int First, int[] Weights)[] taps)
    {
        var pixels = new byte[stride * taps.Length];
        var sums = new int[stride];
        for (int y = 0; y < taps.Length; y++)
        {
            var (first, weights) = taps[y];
            Array.Fill(sums, 1 << (FractionBits - 1));
            for (int i = 0; i < weights.Length; i++)
            {
                int weight = weights[i];
                var row = rows.AsSpan((first + i) * stride, stride);
                for (int x = 0; x < row.Length; x++) sums[x] += weight * row[x];
            }
            for (int x = 0; x < stride; x++) pixels[y * stride + x] = Byte(sums[x]);
        }
        return pixels;
    }

    static byte Byte(int sum) => (byte)Math.Clamp(sum >> FractionBits, 0, 255);
}
