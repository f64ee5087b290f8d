namespace Lowrank.Formats;

/// <summary>Finds scale and least value, at most 0, of some elements whose codes go from 0 to a largest: ggml's make_qkx2_quants.</summary>
/// <remarks>Tried are some scales near the one that fits the range; for each the codes, then the scale and least value that fit these best
/// in weighted squares.</remarks>
/// <param name="Count">How many elements.</param>
/// <param name="Largest">The largest code.</param>
/// <param name="First">The first scale tried fits the range into so many codes more.</param>
/// <param name="Tries">How many are tried, a tenth of a code apart.</param>
/// <param name="ByMagnitude">Whether errors count as magnitudes, in place of squares.</param>
readonly unsafe record struct AffineSearch(int Count, int Largest, float First, int Tries, bool ByMagnitude)
{
    internal const float Step = 0.1f;

    /// <summary>Elements of the largest block part that is searched.</summary>
    internal const int MostCount = 32;

    /// <summary>Searches, and leaves the codes.</summary>
    /// <returns>The scale, and the least value with its sign turned: at least 0.</returns>
    internal (float Scale, float Depth) Find(float* values, float* weights, byte* codes)
    {
        float least = values[0], most = values[0], weightSum = weights[0], valueSum = weightSum * values[0];
        for (int i = 1; i < Count; i++)
        {
            if (values[i] < least) least = values[i];
            if (values[i] > most) most = values[i];
            weightSum += weights[i];
            valueSum += weights[i] * values[i];
        }
        if (least > 0) least = 0;
        if (most == least)
        {
            new Span<byte>(codes, Count).Clear();
            return (0, -least);
        }
        float inverse = Largest / (most - least), scale = 1 / inverse;
        Round(values, least, inverse, codes);
        float best = Error(values, weights, codes, scale, least);
        byte* tried = stackalloc byte[MostCount];
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            // Codes are counted from the least value of the best fit so far.
            Round(values, least, (First + Step * attempt + Largest) / (most - least), tried);
            if (Fit(values, weights, tried, weightSum, valueSum) is not { } fit) continue;
            float error = Error(values, weights, tried, fit.Scale, fit.Least);
            if (!(error < best)) continue;
            new ReadOnlySpan<byte>(tried, Count).CopyTo(new(codes, Count));
            (best, scale, least) = (error, fit.Scale, fit.Least);
        }
        return (scale, -least);
    }

    void Round(float* values, float least, float inverse, byte* codes)
    {
        for (int i = 0; i < Count; i++) codes[i] = (byte)Rounding.HalfEven(inverse * (values[i] - least), 0, Largest);
    }

    float Error(float* values, float* weights, byte* codes, float scale, float least)
    {
        float error = 0;
        for (int i = 0; i < Count; i++)
        {
            float difference = scale * codes[i] + least - values[i];
            error += weights[i] * (ByMagnitude ? Math.Abs(difference) : difference * difference);
        }
        return error;
    }

    // The weighted least squares; null where the codes do not tell.
    (float Scale, float Least)? Fit(float* values, float* weights, byte* codes, float weightSum, float valueSum)
    {
        float sum = 0, squares = 0, crossed = 0;
        for (int i = 0; i < Count; i++)
        {
            float weighted = weights[i] * codes[i];
            sum += weighted;
            squares += weighted * codes[i];
            crossed += weighted * values[i];
        }
        float determinant = weightSum * squares - sum * sum;
        if (!(determinant > 0)) return null;
        float least = (squares * valueSum - sum * crossed) / determinant;
        return least > 0 ? (crossed / squares, 0) : ((weightSum * crossed - valueSum * sum) / determinant, least);
    }
}
