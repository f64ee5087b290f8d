using System.Globalization;
using System.Runtime.CompilerServices;

namespace Lowrank.Formats;

/// <summary>The scales of blocks, which are IEEE halves.</summary>
static unsafe class HalfBits
{
    const uint Infinity = 0x7c00, Magnitude = 0x7fff, Sign = 0x8000;

    // What an exponent counts from in a float (127) less that in a half (15).
    const float Rescale = 5.192296858534828E+33f;   // 2^112

    /// <summary>The half at an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Load(byte* at)
    {
        uint bits = *(ushort*)at, magnitude = bits & Magnitude;
        if (magnitude >= Infinity) return (float)BitConverter.UInt16BitsToHalf((ushort)bits);
        float value = BitConverter.UInt32BitsToSingle(magnitude << 13) * Rescale;
        return BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) | ((bits & Sign) << 16));
    }

    /// <summary>Rounds to the nearest half, of two the even one.</summary>
    /// <returns>What it became.</returns>
    /// <exception cref="LowrankException">It is larger than halves go.</exception>
    internal static float Store(byte* at, float value)
    {
        var half = (Half)value;
        if (!Half.IsFinite(half)) throw TooLarge(value);
        *(ushort*)at = BitConverter.HalfToUInt16Bits(half);
        return Load(at);
    }

    static LowrankException TooLarge(float value) => new(string.Create(CultureInfo.InvariantCulture,
        $"a block's scale would be {value}, and is kept as a half, which ends at 65504. Keep this tensor as BF16 or F32."));
}
