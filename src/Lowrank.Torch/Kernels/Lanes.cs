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

    /// <summary>Rows of a square of 16 become its columns: squares of four within each quarter of a vector, then the quarters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(Vector512<float>* square)
    {
        for (int i = 0; i < Count; i += 4) WithinQuarters(square + i);
        for (int i = 0; i < 4; i++) OfQuarters(square + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WithinQuarters(Vector512<float>* rows)
    {
        var (a, b, c, d) = (rows[0], rows[1], rows[2], rows[3]);
        var (lowAb, highAb) = (Avx512F.UnpackLow(a, b).AsDouble(), Avx512F.UnpackHigh(a, b).AsDouble());
        var (lowCd, highCd) = (Avx512F.UnpackLow(c, d).AsDouble(), Avx512F.UnpackHigh(c, d).AsDouble());
        rows[0] = Avx512F.UnpackLow(lowAb, lowCd).AsSingle();
        rows[1] = Avx512F.UnpackHigh(lowAb, lowCd).AsSingle();
        rows[2] = Avx512F.UnpackLow(highAb, highCd).AsSingle();
        rows[3] = Avx512F.UnpackHigh(highAb, highCd).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void OfQuarters(Vector512<float>* rows)
    {
        const byte Lower = 0x44, Upper = 0xEE, Even = 0x88, Odd = 0xDD;   // which two quarters of each of two vectors
        var (a, b, c, d) = (rows[0], rows[4], rows[8], rows[12]);
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
