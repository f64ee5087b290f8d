namespace Lowrank.Language;

/// <summary>Draws by probabilities, as <c>torch.multinomial</c> (2.13) makes them on a CPU: the same generator gives the same
/// tokens.</summary>
public static class Multinomial
{
    /// <summary>
    /// One draw: the largest p/q, with an exponential q for each entry. Every entry takes two numbers of the stream, also those whose p is
    /// 0.
    /// </summary>
    /// <param name="probabilities">Not below 0, one above; they need not add up to 1.</param>
    /// <param name="generator">The stream.</param>
    public static int Draw(ReadOnlySpan<float> probabilities, MersenneTwister generator)
    {
        int best = -1;
        float highest = float.NegativeInfinity;
        int passed = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            float p = probabilities[i];
            if (p == 0) { passed++; continue; }
            if (passed > 0) generator.Skip(2L * passed);
            passed = 0;
            double uniform = generator.NextDouble();
            // q is never below the uniform number, so p/q not above p/u: most entries need no logarithm.
            if (p < highest * uniform * 0.999) continue;
            float ratio = p / MersenneTwister.Exponential(uniform);
            if (ratio > highest) (best, highest) = (i, ratio);
        }
        generator.Skip(2L * passed);
        return best >= 0 ? best : throw NothingToDraw();
    }

    /// <summary>Several draws without putting back: the largest p/q, the largest first.</summary>
    public static int[] DrawWithout(ReadOnlySpan<float> probabilities, int count, MersenneTwister generator)
    {
        var ratios = new float[probabilities.Length];
        for (int i = 0; i < ratios.Length; i++)
        {
            float q = generator.NextExponential();
            ratios[i] = probabilities[i] / q;
        }
        int possible = ratios.Count(ratio => ratio > 0);
        if (possible < count)
            throw new LowrankException($"{count} tokens are to be drawn, and only {possible} have a probability above 0. Filter less, " +
                "or use fewer beams.");
        return [.. Enumerable.Range(0, ratios.Length).OrderByDescending(i => ratios[i]).Take(count)];
    }

    /// <summary>Several draws, each from all: the first whose running sum reaches a uniform number.</summary>
    public static int[] DrawWith(ReadOnlySpan<float> probabilities, int count, MersenneTwister generator)
    {
        var sums = new double[probabilities.Length];
        double sum = 0;
        for (int i = 0; i < sums.Length; i++) sums[i] = sum += probabilities[i];
        if (sum <= 0) throw NothingToDraw();
        var drawn = new int[count];
        for (int i = 0; i < count; i++)
        {
            double uniform = generator.NextDouble();
            int at = Array.FindIndex(sums, reached => reached / sum >= uniform);
            drawn[i] = at < 0 ? sums.Length - 1 : at;
        }
        return drawn;
    }

    static LowrankException NothingToDraw() => new("no token has a probability above 0. Do filters or a grammar leave none, " +
        "or does the model compute NaN?");
}
