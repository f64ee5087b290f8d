namespace Lowrank.Formats;

/// <summary>Numbers of few bits in a row of 32-bit words, as one stream from the lowest bit up: those of three bits straddle
/// words.</summary>
static unsafe class BitStream
{
    /// <summary>The number at a place.</summary>
    /// <param name="words">The first word.</param>
    /// <param name="stride">Words from one of the stream to the next.</param>
    /// <param name="place">Which number.</param>
    /// <param name="bits">Bits of each.</param>
    internal static int At(uint* words, long stride, long place, int bits)
    {
        long first = place * bits;
        long word = first / 32;
        int shift = (int)(first % 32);
        uint value = words[word * stride] >> shift;
        if (shift + bits > 32) value |= words[(word + 1) * stride] << 32 - shift;
        return (int)(value & ((1u << bits) - 1));
    }
}
