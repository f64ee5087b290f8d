namespace Lowrank.Diffusion;

/// <summary>Three means over boxes after one another, which come near a Gaussian blur, in Pillow's whole numbers.</summary>
/// <remarks>
/// Source: Pillow 9.5.0, src/libImaging/BoxBlur.c, after Gwosdek et al. 2011, "Theoretical foundations of Gaussian convolution by
/// extended box filtering".
/// </remarks>
static class BoxBlur
{
    /// <summary>Bytes of a pixel.</summary>
    public const int Channels = 4;

    const int Passes = 3, FractionBits = 24;

    /// <summary>Blurs pixels of four channels; edges are repeated.</summary>
    /// <param name="pixels">width·height·4 bytes.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="sigma">Of the Gaussian that is approached, in pixels; 0 changes nothing.</param>
    public static byte[] Gaussian(byte[] pixels, int width, int height, float sigma)
    {
        float radius = Radius(sigma);
        var blurred = (byte[])pixels.Clone();
        for (int i = 0; i < Passes; i++) blurred = Rows(blurred, width, radius);
        blurred = Transposed(blurred, width, height);
        for (int i = 0; i < Passes; i++) blurred = Rows(blurred, height, radius);
        return Transposed(blurred, height, width);
    }

    // Whole and fractional part of the radius of three boxes of the Gaussian's variance, in single precision.
    static float Radius(float sigma)
    {
        float variance = sigma * sigma / Passes;
        float length = (float)Math.Sqrt(12.0 * variance + 1.0);
        float whole = (float)Math.Floor((length - 1.0) / 2.0);
        float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
        part /= 6 * (variance - (whole + 1) * (whole + 1));
        return whole + part;
    }

    static byte[] Rows(byte[] pixels, int width, float radius)
    {
        int whole = (int)radius;
        uint weight = (uint)((1 << FractionBits) / (radius * 2 + 1));
        uint edgeWeight = unchecked((uint)(1 << FractionBits) - (uint)(whole * 2 + 1) * weight) / 2;
        var blurred = new byte[pixels.Length];
        for (int row = 0; row < pixels.Length; row += Channels * width)
            for (int channel = 0; channel < Channels; channel++)
                Row(pixels.AsSpan(row + channel), blurred.AsSpan(row + channel), width, whole, weight, edgeWeight);
        return blurred;
    }

    // A sum over the box moves along the row; the pixels just outside of it weigh in with the radius's fraction.
    static void Row(ReadOnlySpan<byte> pixels, Span<byte> blurred, int width, int radius, uint weight, uint edgeWeight)
    {
        int last = width - 1;
        uint sum = 0;
        for (int i = -radius - 1; i < radius; i++) sum += pixels[At(i)];
        for (int x = 0; x < width; x++)
        {
            int before = At(x - radius - 1);
            sum += (uint)(pixels[At(x + radius)] - pixels[before]);
            uint bulk = sum * weight + (uint)(pixels[before] + pixels[At(x + radius + 1)]) * edgeWeight;
            blurred[Channels * x] = (byte)((bulk + (1 << (FractionBits - 1))) >> FractionBits);
        }

        int At(int place) => Channels * Math.Clamp(place, 0, last);
    }

    static byte[] Transposed(byte[] pixels, int width, int height)
    {
        var turned = new byte[pixels.Length];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                pixels.AsSpan(Channels * (y * width + x), Channels).CopyTo(turned.AsSpan(Channels * (x * height + y)));
        return turned;
    }
}
