namespace Lowrank.Language;

/// <summary>What libstdc++ makes of a Mersenne Twister for llama.cpp's draws. Its uniform doubles are not torch's: the first number is the
/// low half.</summary>
static class LlamaRandom
{
    const double TwoTo32 = 4294967296.0;

    internal static double Uniform(MersenneTwister generator)
    {
        double low = generator.NextUInt32(), high = generator.NextUInt32();
        double uniform = (low + high * TwoTo32) / (TwoTo32 * TwoTo32);
        return uniform < 1 ? uniform : Math.BitDecrement(1.0);
    }

    internal static float UniformSingle(MersenneTwister generator)
    {
        float uniform = generator.NextUInt32() / (float)TwoTo32;
        return uniform < 1 ? uniform : MathF.BitDecrement(1f);
    }

    /// <summary>A place by the candidates' probabilities, as <c>std::discrete_distribution</c>; a single one takes no number.</summary>
    internal static int Draw(Candidates candidates, MersenneTwister generator)
    {
        if (candidates.Count < 2) return 0;
        double sum = 0;
        foreach (float p in candidates.Probabilities) sum += p;
        double uniform = Uniform(generator), reached = 0;
        for (int i = 0; i < candidates.Count - 1; i++)
        {
            reached += candidates.Probabilities[i] / sum;
            if (reached >= uniform) return i;
        }
        return candidates.Count - 1;
    }
}
