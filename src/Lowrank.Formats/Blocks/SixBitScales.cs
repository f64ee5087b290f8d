namespace Lowrank.Formats;

/// <summary>Eight scales and eight least values of six bits in 12 bytes, as Q4_K and Q5_K have them: four of each in a byte's lower six
/// bits; of the others the lower four bits in a byte of both, and the upper two above those first.</summary>
static unsafe class SixBitScales
{
    internal const int Parts = 8, Largest = 63;

    const int First = Parts / 2;

    /// <summary>The scales, a byte each, and then the least values.</summary>
    internal static void Unpack(byte* bytes, byte* codes)
    {
        const uint LowerFour = 0x0f0f0f0f, LowerSix = 0x3f3f3f3f, LowerTwo = 0x03030303;
        uint* from = (uint*)bytes, to = (uint*)codes;
        to[0] = from[0] & LowerSix;
        to[1] = from[2] & LowerFour | (from[0] >> 6 & LowerTwo) << 4;
        to[2] = from[1] & LowerSix;
        to[3] = from[2] >> 4 & LowerFour | (from[1] >> 6 & LowerTwo) << 4;
    }

    internal static void Put(byte* bytes, int part, int scale, int depth)
    {
        if (part < First)
        {
            bytes[part] = (byte)scale;
            bytes[part + First] = (byte)depth;
            return;
        }
        bytes[part + First] = (byte)(scale & 15 | (depth & 15) << 4);
        bytes[part - First] |= (byte)(scale >> 4 << 6);
        bytes[part] |= (byte)(depth >> 4 << 6);
    }
}
