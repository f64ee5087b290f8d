using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary><see cref="SignedSearch"/> of eight parts side by side (<see cref="PartLanes"/>).</summary>
static unsafe class SignedLanes
{
    const int Lanes = PartLanes.Count, Size = SignedSearch.Count * Lanes, Zero = SignedSearch.Zero;

    /// <summary>Searches, and leaves the codes, one part after the other, and the scales.</summary>
    internal static void Find(float* parts, sbyte* codes, float* scales)
    {
        float* values = stackalloc float[Size];
        int* turned = stackalloc int[Size];
        PartLanes.Turn(parts, SignedSearch.Count, values);
        var largest = PartLanes.Largest(values, SignedSearch.Count);
        var isNothing = Vector256.LessThan(Vector256.Abs(largest), Vector256.Create(BlockRange.Nothing));
        var inverse = Vector256.Create((float)-Zero) / largest;
        var (crossed, squares) = Sums(values, inverse);
        var best = inverse;   // the one whose codes are the best
        var scale = Vector256.AndNot(crossed / squares, Vector256.Equals(squares, Vector256<float>.Zero));
        var fit = scale * crossed;
        for (int attempt = -SignedSearch.Tries; attempt <= SignedSearch.Tries; attempt++)
        {
            if (attempt == 0) continue;
            inverse = Vector256.Create(-(Zero + 0.1f * attempt)) / largest;
            (crossed, squares) = Sums(values, inverse);
            var isBetter = Vector256.GreaterThan(squares, Vector256<float>.Zero) & Vector256.GreaterThan(crossed * crossed, fit * squares);
            var newScale = crossed / squares;
            scale = Vector256.ConditionalSelect(isBetter, newScale, scale);
            fit = Vector256.ConditionalSelect(isBetter, newScale * crossed, fit);
            best = Vector256.ConditionalSelect(isBetter, inverse, best);
        }
        for (int i = 0; i < Size; i += Lanes)
        {
            var code = PartLanes.HalfEven(best * Vector256.Load(values + i), -Zero, Zero - 1) + Vector256.Create(Zero);
            Vector256.AndNot(code, isNothing.AsInt32()).Store(turned + i);
        }
        PartLanes.TurnBack(turned, SignedSearch.Count, (byte*)codes);
        Vector256.AndNot(scale, isNothing).Store(scales);
    }

    static (Vector256<float> Crossed, Vector256<float> Squares) Sums(float* values, Vector256<float> inverse)
    {
        Vector256<float> crossed = default, squares = default;
        for (int i = 0; i < Size; i += Lanes)
        {
            var value = Vector256.Load(values + i);
            var code = Vector256.ConvertToSingle(PartLanes.HalfEven(inverse * value, -Zero, Zero - 1));
            var weight = value * value;
            crossed += weight * value * code;
            squares += weight * code * code;
        }
        return (crossed, squares);
    }
}
