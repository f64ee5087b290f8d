namespace Lowrank.Diffusion;

/// <summary>numpy's SeedSequence: many seeds from one, a family of its own for each key (O'Neill's seed_seq design).</summary>
/// <remarks>Formulas and constants from numpy/random/bit_generator.pyx at v2.0.</remarks>
public static class SeedSequence
{
    const uint InitialIn = 0x43b0d7e5, MultiplierIn = 0x931e8875, InitialOut = 0x8b51f9dd, MultiplierOut = 0x58f38ded;
    const uint MixLeft = 0xca01f9dd, MixRight = 0x4973f715;
    const int Shift = 16;

    /// <summary>The first seeds of a family.</summary>
    /// <param name="entropy">The one seed.</param>
    /// <param name="key">What the family is known by; empty for the root's.</param>
    /// <param name="poolSize">Words that the entropy is spread over, at least 4.</param>
    /// <param name="count">How many seeds.</param>
    public static uint[] Generate(ulong entropy, ReadOnlySpan<ulong> key, int poolSize, int count)
    {
        uint[] pool = Mixed(Words(entropy, key, poolSize), poolSize);
        uint[] seeds = new uint[count];
        uint constant = InitialOut;
        for (int i = 0; i < count; i++) seeds[i] = Hash(pool[i % poolSize], ref constant, MultiplierOut);
        return seeds;
    }

    // The entropy in the pool's length, filled with zeros, and the key behind it.
    static List<uint> Words(ulong entropy, ReadOnlySpan<ulong> key, int poolSize)
    {
        var words = new List<uint>();
        Append(words, entropy);
        while (words.Count < poolSize) words.Add(0);
        foreach (ulong part in key) Append(words, part);
        return words;
    }

    static void Append(List<uint> words, ulong number)
    {
        words.Add((uint)number);
        if (number > uint.MaxValue) words.Add((uint)(number >> 32));
    }

    static uint[] Mixed(List<uint> words, int poolSize)
    {
        uint[] pool = new uint[poolSize];
        uint constant = InitialIn;
        for (int i = 0; i < poolSize; i++) pool[i] = Hash(words[i], ref constant, MultiplierIn);
        for (int from = 0; from < poolSize; from++)
            for (int to = 0; to < poolSize; to++)
                if (from != to) pool[to] = Mix(pool[to], Hash(pool[from], ref constant, MultiplierIn));
        for (int from = poolSize; from < words.Count; from++)
            for (int to = 0; to < poolSize; to++) pool[to] = Mix(pool[to], Hash(words[from], ref constant, MultiplierIn));
        return pool;
    }

    static uint Hash(uint value, ref uint constant, uint multiplier)
    {
        value ^= constant;
        constant *= multiplier;
        value *= constant;
        return value ^ (value >> Shift);
    }

    static uint Mix(uint x, uint y)
    {
        uint mixed = MixLeft * x - MixRight * y;
        return mixed ^ (mixed >> Shift);
    }
}
