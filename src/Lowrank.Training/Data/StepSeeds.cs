namespace Lowrank.Training;

/// <summary>
/// Seeds that depend on nothing but the run's seed, the purpose and a number: a run that goes on in the middle draws what it would have
/// drawn.
/// </summary>
/// <remarks>
/// No state of a generator has to be saved, and drawing for one purpose never shifts another. Mixing is SplitMix64 (Steele et al. 2014).
/// </remarks>
public static class StepSeeds
{
    /// <summary>
    /// The seed for a purpose ("noise", "order") and a number (a micro-batch, an epoch); below 2^32, as torch's CPU generator keeps no
    /// more.
    /// </summary>
    public static ulong Of(long seed, string purpose, long number)
    {
        ulong state = Mix((ulong)seed);
        foreach (char letter in purpose) state = Mix(state ^ letter);
        return Mix(state ^ (ulong)number) & 0xffffffff;
    }

    /// <summary>A generator at that seed.</summary>
    public static Generator Generator(long seed, string purpose, long number) => new(Of(seed, purpose, number));

    static ulong Mix(ulong z)
    {
        z += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
