using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Formats;

/// <summary>Sixteen small integers become floats at once: eight in a vector with AVX2, all with AVX-512.</summary>
/// <remarks>A product and its sum are rounded one after the other, never fused, so that both roads give the same bits.</remarks>
static unsafe class BlockLanes
{
    /// <summary>How many.</summary>
    internal const int Count = 16;

    /// <summary>Whether this processor has them.</summary>
    internal static bool AreSupported => Avx2.IsSupported;

    /// <summary>0 to 15, of which codes of four bits make a table of their values.</summary>
    internal static Vector512<float> Ramp => Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    /// <summary>Sixteen small integers as floats, with AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Wide(Vector128<sbyte> q) => Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(q));

    /// <summary>A table's values at the lower halves of 16 bytes, and at their upper halves, with AVX-512: of an index four bits are
    /// read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector512<float> Lower, Vector512<float> Upper) LookUp(Vector512<float> table, byte* codes)
    {
        var wide = Avx512F.ConvertToVector512Int32(Vector128.Load(codes));
        return (Avx512F.PermuteVar16x32(table, wide), Avx512F.PermuteVar16x32(table, wide >>> 4));
    }

    /// <summary>The same at one of the halves of 32 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector512<float> Lower, Vector512<float> Upper) LookUp(Vector512<float> table, byte* codes, int shift)
    {
        var front = Avx512F.ConvertToVector512Int32(Vector128.Load(codes)) >>> shift;
        var back = Avx512F.ConvertToVector512Int32(Vector128.Load(codes + Count)) >>> shift;
        return (Avx512F.PermuteVar16x32(table, front), Avx512F.PermuteVar16x32(table, back));
    }

    /// <summary>q·scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Scale(Vector128<sbyte> q, float scale, float* to)
    {
        if (Avx512F.IsSupported)
        {
            (Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(q)) * Vector512.Create(scale)).Store(to);
            return;
        }
        var factor = Vector256.Create(scale);
        (Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(q)) * factor).Store(to);
        (Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(UpperHalf(q.AsByte()).AsSByte())) * factor).Store(to + 8);
    }

    /// <summary>q·scale + least, of q without a sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ScaleAndAdd(Vector128<byte> q, float scale, float least, float* to)
    {
        if (Avx512F.IsSupported)
        {
            var wide = Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(q));
            Avx512F.Add(Avx512F.Multiply(wide, Vector512.Create(scale)), Vector512.Create(least)).Store(to);
            return;
        }
        var (factor, addend) = (Vector256.Create(scale), Vector256.Create(least));
        var lower = Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(q));
        var upper = Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(UpperHalf(q)));
        Avx.Add(Avx.Multiply(lower, factor), addend).Store(to);
        Avx.Add(Avx.Multiply(upper, factor), addend).Store(to + 8);
    }

    /// <summary>sums += x·w, in sixteen sums, of some multiple of 32 elements. Here products are fused with their sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add(float* x, float* w, int count, float* sums)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<float> even = Vector512.Load(sums), odd = default;
            for (int i = 0; i < count; i += 2 * Count)
            {
                even = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(w + i), even);
                odd = Vector512.FusedMultiplyAdd(Vector512.Load(x + i + Count), Vector512.Load(w + i + Count), odd);
            }
            (even + odd).Store(sums);
            return;
        }
        Vector256<float> s0 = Vector256.Load(sums), s1 = Vector256.Load(sums + 8), s2 = default, s3 = default;
        for (int i = 0; i < count; i += 2 * Count)
        {
            s0 = Vector256.FusedMultiplyAdd(Vector256.Load(x + i), Vector256.Load(w + i), s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.Load(x + i + 8), Vector256.Load(w + i + 8), s1);
            s2 = Vector256.FusedMultiplyAdd(Vector256.Load(x + i + 16), Vector256.Load(w + i + 16), s2);
            s3 = Vector256.FusedMultiplyAdd(Vector256.Load(x + i + 24), Vector256.Load(w + i + 24), s3);
        }
        (s0 + s2).Store(sums);
        (s1 + s3).Store(sums + 8);
    }

    /// <summary>The same of four rows of x, so many numbers apart, by which each w is loaded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void AddFour(float* x, long row, float* w, int count, float* sums)
    {
        if (!Avx512F.IsSupported)
        {
            for (int i = 0; i < 4; i++) Add(x + i * row, w, count, sums + i * Count);
            return;
        }
        float* x1 = x + row, x2 = x1 + row, x3 = x2 + row;
        Vector512<float> s0 = Vector512.Load(sums), s1 = Vector512.Load(sums + Count), s2 = Vector512.Load(sums + 2 * Count);
        Vector512<float> s3 = Vector512.Load(sums + 3 * Count), t0 = default, t1 = default, t2 = default, t3 = default;
        for (int i = 0; i < count; i += 2 * Count)
        {
            var (even, odd) = (Vector512.Load(w + i), Vector512.Load(w + i + Count));
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), even, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Load(x1 + i), even, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Load(x2 + i), even, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Load(x3 + i), even, s3);
            t0 = Vector512.FusedMultiplyAdd(Vector512.Load(x + i + Count), odd, t0);
            t1 = Vector512.FusedMultiplyAdd(Vector512.Load(x1 + i + Count), odd, t1);
            t2 = Vector512.FusedMultiplyAdd(Vector512.Load(x2 + i + Count), odd, t2);
            t3 = Vector512.FusedMultiplyAdd(Vector512.Load(x3 + i + Count), odd, t3);
        }
        (s0 + t0).Store(sums);
        (s1 + t1).Store(sums + Count);
        (s2 + t2).Store(sums + 2 * Count);
        (s3 + t3).Store(sums + 3 * Count);
    }

    /// <summary>Sixteen sums as one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Sum(float* sums) => Vector256.Sum(Vector256.Load(sums) + Vector256.Load(sums + 8));

    /// <summary>The lower half of each byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Low(Vector128<byte> bytes) => bytes & Vector128.Create((byte)15);

    /// <summary>The upper half of each byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> High(Vector128<byte> bytes) => bytes >>> 4;

    /// <summary>Some bits of each byte, from a place on. Pairs of bytes are shifted at once; what comes over is masked out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Field(Vector128<byte> bytes, int place, byte mask) =>
        (bytes.AsUInt16() >>> place).AsByte() & Vector128.Create(mask);

    /// <summary>Sixteen bits, the lowest first, each as a byte of that value or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Bits(uint bits, byte value)
    {
        var places = Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);
        var which = Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
        var spread = Vector128.Shuffle(Vector128.CreateScalar(bits).AsByte(), which);
        return Vector128.Equals(spread & places, places) & Vector128.Create(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<byte> UpperHalf(Vector128<byte> q) => Sse2.ShiftRightLogical128BitLane(q, 8);
}
