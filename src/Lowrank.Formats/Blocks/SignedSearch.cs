namespace Lowrank.Formats;

/// <summary>Finds the scale of 16 elements whose codes go from -32 to 31: ggml's make_qx_quants, weighted by squares.</summary>
static unsafe class SignedSearch
{
    internal const int Count = 16, Zero = 32, Tries = 9;

    /// <summary>Searches, and leaves the codes, counted from 0.</summary>
    internal static float Scale(float* values, sbyte* codes)
    {
        float largest = BlockRange.Largest(values, Count);
        new Span<sbyte>(codes, Count).Clear();
        if (Math.Abs(largest) < BlockRange.Nothing) return 0;
        float inverse = -Zero / largest;
        var (crossed, squares) = Sums(values, inverse);
        Round(values, inverse, codes);
        float scale = squares != 0 ? crossed / squares : 0, best = scale * crossed;
        for (int attempt = -Tries; attempt <= Tries; attempt++)
        {
            if (attempt == 0) continue;
            inverse = -(Zero + 0.1f * attempt) / largest;
            (crossed, squares) = Sums(values, inverse);
            if (!(squares > 0 && crossed * crossed > best * squares)) continue;
            Round(values, inverse, codes);
            scale = crossed / squares;
            best = scale * crossed;
        }
        return scale;
    }

    static void Round(float* values, float inverse, sbyte* codes)
    {
        for (int i = 0; i < Count; i++) codes[i] = (sbyte)(Zero + Rounding.HalfEven(inverse * values[i], -Zero, Zero - 1));
    }

    // Weighted by squares: of code·x and of code·code.
    static (float Crossed, float Squares) Sums(float* values, float inverse)
    {
        float crossed = 0, squares = 0;
        for (int i = 0; i < Count; i++)
        {
            int code = Rounding.HalfEven(inverse * values[i], -Zero, Zero - 1);
            float weight = values[i] * values[i];
            crossed += weight * values[i] * code;
            squares += weight * code * code;
        }
        return (crossed, squares);
    }
}
