namespace Lowrank.Formats;

/// <summary>Codes of five bits in Q5_0 and Q5_1: four in half a byte, the fifth in a word of its own, the second half's from bit 16
/// on.</summary>
static class FiveBits
{
    const int Half = 16;

    internal static int Low(byte pair, uint fifth, int i) => pair & 15 | (int)(fifth >> i & 1) << 4;

    internal static int High(byte pair, uint fifth, int i) => pair >> 4 | (int)(fifth >> (i + Half) & 1) << 4;

    internal static byte Pack(int low, int high, int i, ref uint fifth)
    {
        fifth |= (uint)(low >> 4 & 1) << i | (uint)(high >> 4 & 1) << (i + Half);
        return (byte)(low & 15 | high << 4);
    }
}
