using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Formats;

/// <summary>Eight parts of a block side by side, one in each number of a vector, so that each is gone through in its own order, as
/// the plain road does, and sums come out the same to the bit.</summary>
static unsafe class PartLanes
{
    /// <summary>How many.</summary>
    internal const int Count = 8;

    /// <summary>Lays parts of some size, one after the other, side by side.</summary>
    internal static void Turn(float* parts, int size, float* turned)
    {
        for (int part = 0; part < Count; part++)
            for (int i = 0; i < size; i++) turned[i * Count + part] = parts[part * size + i];
    }

    /// <summary>Codes that lie side by side, one part after the other.</summary>
    internal static void TurnBack(int* turned, int size, byte* parts)
    {
        for (int part = 0; part < Count; part++)
            for (int i = 0; i < size; i++) parts[part * size + i] = (byte)turned[i * Count + part];
    }

    /// <summary><see cref="Rounding.HalfEven(float, int, int)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> HalfEven(Vector256<float> values, int least, int most)
    {
        var bits = (values + Vector256.Create(12582912f)).AsInt32() & Vector256.Create(0x007fffff);
        var rounded = bits - Vector256.Create(0x00400000);
        return Vector256.Max(Vector256.Create(least), Vector256.Min(Vector256.Create(most), rounded));
    }

    /// <summary>The largest by magnitude in each part, with its sign; of equal ones the first.</summary>
    internal static Vector256<float> Largest(float* turned, int size)
    {
        Vector256<float> most = default, largest = default;
        for (int i = 0; i < size; i++)
        {
            var value = Vector256.Load(turned + i * Count);
            var magnitude = Vector256.Abs(value);
            var isLarger = Vector256.GreaterThan(magnitude, most);
            most = Vector256.ConditionalSelect(isLarger, magnitude, most);
            largest = Vector256.ConditionalSelect(isLarger, value, largest);
        }
        return largest;
    }

    /// <summary>Codes of one part of some multiple of eight elements: (value + depth) / scale.</summary>
    internal static void Round(float* values, float depth, float scale, int size, int least, int most, byte* codes)
    {
        for (int i = 0; i < size; i += Count)
        {
            var rounded = HalfEven((Vector256.Load(values + i) + Vector256.Create(depth)) / Vector256.Create(scale), least, most);
            Store(rounded, codes + i);
        }
    }

    /// <summary>Eight numbers as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Vector256<int> numbers, byte* to)
    {
        var words = Sse2.PackSignedSaturate(numbers.GetLower(), numbers.GetUpper());
        // Wraps around as a cast does: the lower byte of each.
        var bytes = Vector128.Shuffle(words.AsByte(), Vector128.Create((byte)0, 2, 4, 6, 8, 10, 12, 14, 0, 0, 0, 0, 0, 0, 0, 0));
        *(ulong*)to = bytes.AsUInt64().ToScalar();
    }
}
