using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>The 16 values of IQ4's codes, closer to each other around 0, where weights are dense.</summary>
static unsafe class IQ4Table
{
    internal static ReadOnlySpan<sbyte> Values => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>The same for vectors.</summary>
    internal static Vector128<sbyte> Lanes => Vector128.Create(Values);

    /// <summary>The code of the nearest value, of two the larger.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Nearest(float value)
    {
        // Doubled, so that midpoints are whole numbers and both sides exact.
        float twice = value + value;
        int code = 0;
        for (int step = 8; step > 0; step >>= 1)
        {
            int next = code + step;
            if (twice >= Values[next - 1] + Values[next]) code = next;
        }
        return code;
    }
}
