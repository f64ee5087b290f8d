namespace Lowrank.Diffusion;

/// <summary>Sums of bytes that are weighted by bytes, rounded as Pillow rounds them.</summary>
/// <remarks>Source: Pillow 9.5.0, src/libImaging/ImagingUtils.h and AlphaComposite.c.</remarks>
static class ByteBlend
{
    // Bits behind the point that a composite is summed in.
    const int FractionBits = 7;

    /// <summary>A sum of bytes times bytes, divided by 255 and rounded.</summary>
    public static byte Divide255(int sum)
    {
        sum += 128;
        return (byte)(((sum >> 8) + sum) >> 8);
    }

    /// <summary><paramref name="above"/> laid on <paramref name="below"/> by a mask: 0 leaves what is below, 255 covers it.</summary>
    public static byte Mix(byte mask, byte below, byte above) => Divide255(below * (255 - mask) + above * mask);

    /// <summary>Lays one pixel of red, green, blue and alpha on another; neither is multiplied by its alpha.</summary>
    public static void Compose(Span<byte> below, ReadOnlySpan<byte> above)
    {
        uint alpha = above[3];
        if (alpha == 0) return;
        uint outAlpha255 = alpha * 255 + below[3] * (255u - alpha);
        uint share = alpha * 255 * 255 * (1 << FractionBits) / outAlpha255, rest = 255 * (1 << FractionBits) - share;
        for (int c = 0; c < 3; c++)
            below[c] = (byte)(Shifted(above[c] * share + below[c] * rest + (0x80 << FractionBits)) >> FractionBits);
        below[3] = (byte)Shifted(outAlpha255 + 0x80);
    }

    static uint Shifted(uint sum) => ((sum >> 8) + sum) >> 8;
}
