namespace Lowrank.Formats;

/// <summary>256 codes of two bits as Q2_K and Q3_K lay them into 64 bytes: of each 128 elements four, 32 apart, share a byte, the first in
/// the lowest bits.</summary>
static unsafe class TwoBits
{
    internal const int Half = 128, Run = 32, Part = 16, Parts = 16;

    /// <summary>Where the codes of a part of 16 lie, and by how many bits above the lowest.</summary>
    internal static (int Start, int Shift) PlaceOf(int part) => (part / 8 * Run + part % 2 * Part, part % 8 / 2 * 2);

    internal static void Pack(byte* codes, byte* to)
    {
        for (int half = 0; half < 2; half++, codes += Half, to += Run)
            for (int i = 0; i < Run; i++)
                to[i] = (byte)(codes[i] | codes[i + Run] << 2 | codes[i + 2 * Run] << 4 | codes[i + 3 * Run] << 6);
    }
}
