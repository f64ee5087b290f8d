using System.Runtime.CompilerServices;

namespace Lowrank.Formats;

/// <summary>How ggml's reference rounds, to whole numbers that are small.</summary>
static class Rounding
{
    // A float of this size has no bits for fractions: adding it rounds, of two neighbours to the even one.
    const float Large = 12582912;   // 1.5 * 2^23

    /// <summary>To the nearest, of two the even one, as ggml's nearest_int.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int HalfEven(float value) => (BitConverter.SingleToInt32Bits(value + Large) & 0x007fffff) - 0x00400000;

    /// <summary>The same, held between two numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int HalfEven(float value, int least, int most) => Math.Max(least, Math.Min(most, HalfEven(value)));

    /// <summary>To the nearest, of two the one farther from 0, as C's roundf.</summary>
    internal static int HalfAway(float value) => (int)MathF.Round(value, MidpointRounding.AwayFromZero);

    /// <summary>Towards 0, between 0 and a number, as C's conversion to an unsigned byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Down(float value, int most) => Math.Clamp((int)value, 0, most);
}
