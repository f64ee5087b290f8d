using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Formats;

/// <summary>The rounding of a block of 32 elements by vectors.</summary>
static unsafe class CodeLanes
{
    const int Elements = 32, Lanes = 8, Half = Elements / 2;

    // The float before a half: added to a number, it rounds halves away from 0 and nothing less.
    const float BelowHalf = 0.49999997f;

    /// <summary><see cref="BlockRange.Largest"/>.</summary>
    internal static float Largest(float* values)
    {
        float most = LargestMagnitude(values);
        var wanted = Vector256.Create(most);
        for (int i = 0; i < Elements; i += Lanes)
        {
            uint places = Vector256.Equals(Vector256.Abs(Vector256.Load(values + i)), wanted).ExtractMostSignificantBits();
            if (places != 0) return most == 0 ? 0 : values[i + System.Numerics.BitOperations.TrailingZeroCount(places)];
        }
        return 0;
    }

    internal static float LargestMagnitude(float* values)
    {
        var most = Vector256<float>.Zero;
        for (int i = 0; i < Elements; i += Lanes) most = Vector256.Max(most, Vector256.Abs(Vector256.Load(values + i)));
        var half = Vector128.Max(most.GetLower(), most.GetUpper());
        return MathF.Max(MathF.Max(half[0], half[1]), MathF.Max(half[2], half[3]));
    }

    /// <summary>Codes (value - least)·inverse + offset, towards 0, from 0 to a largest.</summary>
    internal static void Down(float* values, float least, float inverse, float offset, int largest, byte* codes)
    {
        for (int i = 0; i < Elements; i += Lanes)
        {
            var scaled = (Vector256.Load(values + i) - Vector256.Create(least)) * Vector256.Create(inverse) + Vector256.Create(offset);
            PartLanes.Store(Clamped(scaled, largest), codes + i);
        }
    }

    // What is no number, or beyond whole numbers, as the plain road has it: NaN is 0, and the second operand is what the instruction gives.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Clamped(Vector256<float> scaled, int largest)
    {
        var below = Avx.Min(Vector256.Create(largest + 0.5f), scaled);
        var whole = Avx.ConvertToVector256Int32WithTruncation(below);
        return Vector256.Max(Vector256<int>.Zero, whole);
    }

    /// <summary>Whole numbers nearest to value·inverse, halves away from 0, as bytes.</summary>
    internal static void Nearest(float* values, float inverse, byte* codes)
    {
        for (int i = 0; i < Elements; i += Lanes)
        {
            var scaled = Vector256.Load(values + i) * Vector256.Create(inverse);
            var away = Vector256.Create(BelowHalf) | scaled & Vector256.Create(-0f);
            PartLanes.Store(Avx.ConvertToVector256Int32WithTruncation(scaled + away), codes + i);
        }
    }

    /// <summary>Two halves of codes of four bits into 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Pack(byte* codes, byte* to)
    {
        var (low, high) = (Vector128.Load(codes) & Vector128.Create((byte)15), Vector128.Load(codes + Half) & Vector128.Create((byte)15));
        (low | high << 4).Store(to);
    }

    /// <summary>The fifth bits of 32 codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint FifthBits(byte* codes) => (Vector256.Load(codes) << 3).ExtractMostSignificantBits();
}
