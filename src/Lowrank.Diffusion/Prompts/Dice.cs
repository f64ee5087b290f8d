namespace Lowrank.Diffusion;

/// <summary>Chance that a seed settles, on every machine and in every version.</summary>
/// <remarks>SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195).</remarks>
sealed class Dice(long seed)
{
    ulong state = (ulong)seed;

    /// <summary>A number of [0, 1).</summary>
    public double Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return ((z ^ z >> 31) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A whole number from one to another, both included.</summary>
    public int Between(int least, int most) => least + (int)(Next() * (most - least + 1.0));

    /// <summary>The place of one of some weights.</summary>
    public int Pick(IReadOnlyList<double> weights)
    {
        double left = Next() * weights.Sum();
        for (int i = 0; i < weights.Count; i++)
            if ((left -= weights[i]) < 0) return i;
        return weights.Count - 1;
    }
}
