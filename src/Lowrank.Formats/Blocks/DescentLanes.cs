using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary><see cref="SignedDescent"/> of eight parts side by side (<see cref="PartLanes"/>).</summary>
static unsafe class DescentLanes
{
    const int Lanes = PartLanes.Count, Size = SignedDescent.Count * Lanes, Zero = SignedDescent.Zero;

    /// <summary>Searches, and leaves the codes, one part after the other, and the scales.</summary>
    internal static void Find(float* parts, sbyte* codes, float* scales)
    {
        float* values = stackalloc float[Size];
        int* turned = stackalloc int[Size];
        PartLanes.Turn(parts, SignedDescent.Count, values);
        var largest = PartLanes.Largest(values, SignedDescent.Count);
        var isNothing = Vector256.LessThan(Vector256.Abs(largest), Vector256.Create(BlockRange.Nothing));
        var inverse = Vector256.Create((float)-Zero) / largest;
        Vector256<float> crossed = default, squares = default;
        for (int i = 0; i < Size; i += Lanes)
        {
            var value = Vector256.Load(values + i);
            var rounded = PartLanes.HalfEven(inverse * value, -Zero, Zero - 1);
            rounded.Store(turned + i);
            var (code, weight) = (Vector256.ConvertToSingle(rounded), value * value);
            crossed += weight * value * code;
            squares += weight * code * code;
        }
        // A part that has nothing left to change keeps what it has in the rounds of the others.
        for (int round = 0; round < SignedDescent.Rounds && Improve(values, turned, ref crossed, ref squares); round++) { }
        for (int i = 0; i < Size; i += Lanes)
            Vector256.AndNot(Vector256.Load(turned + i) + Vector256.Create(Zero), isNothing.AsInt32()).Store(turned + i);
        PartLanes.TurnBack(turned, SignedDescent.Count, (byte*)codes);
        var hasScale = Vector256.GreaterThan(squares, Vector256<float>.Zero) & ~isNothing;
        (hasScale & crossed / squares).Store(scales);
    }

    static bool Improve(float* values, int* codes, ref Vector256<float> crossed, ref Vector256<float> squares)
    {
        var anyChange = Vector256<int>.Zero;
        for (int i = 0; i < Size; i += Lanes)
        {
            var (value, held) = (Vector256.Load(values + i), Vector256.Load(codes + i));
            var (code, weight) = (Vector256.ConvertToSingle(held), value * value);
            var otherCrossed = crossed - weight * value * code;
            var isChange = Vector256.GreaterThan(otherCrossed, Vector256<float>.Zero);
            var otherSquares = squares - weight * code * code;
            var rounded = PartLanes.HalfEven(value * otherSquares / otherCrossed, -Zero, Zero - 1);
            isChange = Vector256.AndNot(isChange, Vector256.Equals(rounded, held).AsSingle());
            var next = Vector256.ConvertToSingle(rounded);
            otherCrossed += weight * value * next;
            otherSquares += weight * next * next;
            isChange &= Vector256.GreaterThan(otherSquares, Vector256<float>.Zero)
                & Vector256.GreaterThan(otherCrossed * otherCrossed * squares, crossed * crossed * otherSquares);
            Vector256.ConditionalSelect(isChange.AsInt32(), rounded, held).Store(codes + i);
            crossed = Vector256.ConditionalSelect(isChange, otherCrossed, crossed);
            squares = Vector256.ConditionalSelect(isChange, otherSquares, squares);
            anyChange |= isChange.AsInt32();
        }
        return anyChange != Vector256<int>.Zero;
    }
}
