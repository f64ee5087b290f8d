namespace Lowrank.Formats;

/// <summary>Finds the scale of 16 elements whose codes go from -4 to 3: ggml's make_q3_quants. Codes are changed one by one where that lets
/// the best scale fit better.</summary>
static unsafe class SignedDescent
{
    internal const int Count = 16, Zero = 4, Rounds = 5;

    /// <summary>Searches, and leaves the codes, counted from 0.</summary>
    internal static float Scale(float* values, sbyte* codes)
    {
        float largest = BlockRange.Largest(values, Count);
        new Span<sbyte>(codes, Count).Clear();
        if (Math.Abs(largest) < BlockRange.Nothing) return 0;
        float inverse = -Zero / largest, crossed = 0, squares = 0;
        for (int i = 0; i < Count; i++)
        {
            int code = Rounding.HalfEven(inverse * values[i], -Zero, Zero - 1);
            codes[i] = (sbyte)code;
            float weight = values[i] * values[i];
            crossed += weight * values[i] * code;
            squares += weight * code * code;
        }
        for (int round = 0; round < Rounds && Improve(values, codes, ref crossed, ref squares); round++) { }
        for (int i = 0; i < Count; i++) codes[i] += Zero;
        return squares > 0 ? crossed / squares : 0;
    }

    static bool Improve(float* values, sbyte* codes, ref float crossed, ref float squares)
    {
        bool changed = false;
        for (int i = 0; i < Count; i++)
        {
            float weight = values[i] * values[i], otherCrossed = crossed - weight * values[i] * codes[i];
            if (!(otherCrossed > 0)) continue;
            float otherSquares = squares - weight * codes[i] * codes[i];
            int code = Rounding.HalfEven(values[i] * otherSquares / otherCrossed, -Zero, Zero - 1);
            if (code == codes[i]) continue;
            otherCrossed += weight * values[i] * code;
            otherSquares += weight * code * code;
            if (!(otherSquares > 0 && otherCrossed * otherCrossed * squares > crossed * crossed * otherSquares)) continue;
            codes[i] = (sbyte)code;
            (crossed, squares, changed) = (otherCrossed, otherSquares, true);
        }
        return changed;
    }
}
