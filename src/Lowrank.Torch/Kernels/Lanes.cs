using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Torch;

/// <summary>Sixteen float32 numbers at once, with AVX-512.</summary>
static unsafe class Lanes
{
    /// <summary>How many.</summary>
    public const int Count = 16;

    /// <summary>Whether this processor has them, and the thread may use them.</summary>
    public static bool AreSupported => Avx512F.IsSupported && !OwnRoads.AreClosed;

    /// <summary>Numbers of float32, or of bfloat16 as ushort.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load<T>(T* from) where T : unmanaged => typeof(T) == typeof(float)
        ? Vector512.Load((float*)from)
        : (Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)from)) << 16).AsSingle();

    /// <summary>The same way back: bfloat16 is rounded to the nearest, of two the even one, as libtorch does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(T* to, Vector512<float> values) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            values.Store((float*)to);
            return;
        }
        var bits = values.AsUInt32();
        var rounded = (bits + Vector512.Create(0x7fffu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
        // Rounding could carry a NaN's last bits into its sign.
        rounded = Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), rounded, Vector512.Create(0x7fc0u));
        Avx512F.ConvertToVector256UInt16(rounded).Store((ushort*)to);
    }

    /// <summary>The first numbers of a vector; the others are 0.</summary>
    public static Vector512<float> Load<T>(T* from, int count) where T : unmanaged
    {
        if (count == Count) return Load(from);
        T* numbers = stackalloc T[Count];
        new Span<T>(from, count).CopyTo(new(numbers, Count));
        new Span<T>(numbers + count, Count - count).Clear();
        return Load(numbers);
    }

    /// <summary>The same way back: the first numbers alone.</summary>
    public static void Store<T>(T* to, Vector512<float> values, int count) where T : unmanaged
    {
        if (count == Count)
        {
            Store(to, values);
            return;
        }
        T* numbers = stackalloc T[Count];
        Store(numbers, values);
        new Span<T>(numbers, count).CopyTo(new(to, count));
    }

    /// <summary>Rows of a square of 16 become its columns: squares of four within each quarter of a vector, then the quarters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(Vector512<float>* square)
    {
        var (a0, a1, a2, a3) = (square[0], square[1], square[2], square[3]);
        var (b0, b1, b2, b3) = (square[4], square[5], square[6], square[7]);
        var (c0, c1, c2, c3) = (square[8], square[9], square[10], square[11]);
        var (d0, d1, d2, d3) = (square[12], square[13], square[14], square[15]);
        WithinQuarters(ref a0, ref a1, ref a2, ref a3);
        WithinQuarters(ref b0, ref b1, ref b2, ref b3);
        WithinQuarters(ref c0, ref c1, ref c2, ref c3);
        WithinQuarters(ref d0, ref d1, ref d2, ref d3);
        OfQuarters(a0, b0, c0, d0, square);
        OfQuarters(a1, b1, c1, d1, square + 1);
        OfQuarters(a2, b2, c2, d2, square + 2);
        OfQuarters(a3, b3, c3, d3, square + 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WithinQuarters(ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d)
    {
        var (lowAb, highAb) = (Avx512F.UnpackLow(a, b).AsDouble(), Avx512F.UnpackHigh(a, b).AsDouble());
        var (lowCd, highCd) = (Avx512F.UnpackLow(c, d).AsDouble(), Avx512F.UnpackHigh(c, d).AsDouble());
        a = Avx512F.UnpackLow(lowAb, lowCd).AsSingle();
        b = Avx512F.UnpackHigh(lowAb, lowCd).AsSingle();
        c = Avx512F.UnpackLow(highAb, highCd).AsSingle();
        d = Avx512F.UnpackHigh(highAb, highCd).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void OfQuarters(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, Vector512<float>* rows)
    {
        const byte Lower = 0x44, Upper = 0xEE, Even = 0x88, Odd = 0xDD;   // which two quarters of each of two vectors
        var (lowAb, highAb) = (Avx512F.Shuffle4x128(a, b, Lower), Avx512F.Shuffle4x128(a, b, Upper));
        var (lowCd, highCd) = (Avx512F.Shuffle4x128(c, d, Lower), Avx512F.Shuffle4x128(c, d, Upper));
        rows[0] = Avx512F.Shuffle4x128(lowAb, lowCd, Even);
        rows[4] = Avx512F.Shuffle4x128(lowAb, lowCd, Odd);
        rows[8] = Avx512F.Shuffle4x128(highAb, highCd, Even);
        rows[12] = Avx512F.Shuffle4x128(highAb, highCd, Odd);
    }

    /// <summary>The sums of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        var ab = (Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b)).AsDouble();
        var cd = (Avx512F.UnpackLow(c, d) + Avx512F.UnpackHigh(c, d)).AsDouble();
        var quarters = Avx512F.UnpackLow(ab, cd).AsSingle() + Avx512F.UnpackHigh(ab, cd).AsSingle();   // each (a, b, c, d)
        var halves = quarters.GetLower() + quarters.GetUpper();
        return halves.GetLower() + halves.GetUpper();
    }
}
