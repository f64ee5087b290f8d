using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The few colours that stand for all colours of a picture.</summary>
/// <param name="Colours">The colours.</param>
/// <param name="Indices">For each pixel, which of them it is.</param>
/// <remarks>Median cut: Heckbert 1982, "Color image quantization for frame buffer display".</remarks>
sealed record ColourPalette(IReadOnlyList<Colour> Colours, byte[] Indices)
{
    /// <summary>Finds them: boxes of colours are cut at the median of their longest side, the fullest and longest first.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="most">Colours at most, up to 256.</param>
    public static ColourPalette Of(Picture picture, int most = 256)
    {
        int count = picture.Width * picture.Height;
        int[] colours = new int[count], order = new int[count];
        for (int i = 0; i < count; i++)
        {
            colours[i] = picture.Pixels[3 * i] << 16 | picture.Pixels[3 * i + 1] << 8 | picture.Pixels[3 * i + 2];
            order[i] = i;
        }
        var boxes = new List<Box> { new(colours, order, 0, count) };
        while (boxes.Count < most && boxes.MaxBy(box => box.Weight) is { Weight: > 0 } widest)
        {
            boxes.Remove(widest);
            boxes.AddRange(widest.Halves());
        }
        var indices = new byte[count];
        foreach (var (number, box) in boxes.Index()) box.Mark(indices, (byte)number);
        return new([.. boxes.Select(box => box.Mean())], indices);
    }

    // Pixels from order[start] to order[end].
    sealed class Box
    {
        readonly int[] colours, order;
        readonly int start, end, shift, length;

        public Box(int[] colours, int[] order, int start, int end)
        {
            (this.colours, this.order, this.start, this.end) = (colours, order, start, end);
            foreach (int channel in (int[])[16, 8, 0])
            {
                var (least, highest) = Range(channel);
                if (highest - least > length) (shift, length) = (channel, highest - least);
            }
        }

        // 0 for a single colour.
        public double Weight => length * Math.Sqrt(end - start);

        (int Least, int Highest) Range(int channel)
        {
            var (least, highest) = (255, 0);
            for (int i = start; i < end; i++)
            {
                int value = Value(order[i], channel);
                (least, highest) = (Math.Min(least, value), Math.Max(highest, value));
            }
            return (least, highest);
        }

        int Value(int pixel, int channel) => colours[pixel] >> channel & 255;

        // Pixels of one value stay together.
        public Box[] Halves()
        {
            Array.Sort(order, start, end - start, Comparer<int>.Create((a, b) => Value(a, shift).CompareTo(Value(b, shift))));
            int middle = (start + end) / 2, value = Value(order[middle], shift);
            int cut = middle;
            while (cut > start && Value(order[cut - 1], shift) == value) cut--;
            if (cut == start)
                for (cut = middle; Value(order[cut], shift) == value;) cut++;
            return [new(colours, order, start, cut), new(colours, order, cut, end)];
        }

        public void Mark(byte[] indices, byte number)
        {
            for (int i = start; i < end; i++) indices[order[i]] = number;
        }

        public Colour Mean() => new(Mean(16), Mean(8), Mean(0));

        byte Mean(int channel)
        {
            long sum = 0;
            for (int i = start; i < end; i++) sum += Value(order[i], channel);
            return (byte)((sum + (end - start) / 2) / (end - start));
        }
    }
}
