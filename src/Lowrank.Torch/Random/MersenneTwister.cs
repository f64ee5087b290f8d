namespace Lowrank.Torch;

/// <summary>
/// MT19937 (Matsumoto and Nishimura 1998), seeded by 32 bits: the stream beneath torch's generator of the CPU and libstdc++'s
/// <c>std::mt19937</c>, and what torch (2.13) makes of it. No tensors.
/// </summary>
public sealed class MersenneTwister
{
    const int Length = 624, Middle = 397;

    readonly uint[] state = new uint[Length];
    int next = Length;

    /// <summary>The stream of a seed; only its low 32 bits count.</summary>
    public MersenneTwister(long seed)
    {
        state[0] = unchecked((uint)seed);
        for (uint i = 1; i < Length; i++) state[i] = 1812433253u * (state[i - 1] ^ (state[i - 1] >> 30)) + i;
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32()
    {
        if (next == Length) Twist();
        uint x = state[next++];
        x ^= x >> 11;
        x ^= (x << 7) & 0x9d2c5680;
        x ^= (x << 15) & 0xefc60000;
        return x ^ (x >> 18);
    }

    /// <summary>Two numbers as 64 bits, the first as the high half, as torch has it.</summary>
    public ulong NextUInt64() => ((ulong)NextUInt32() << 32) | NextUInt32();

    /// <summary>Passes over so many 32-bit numbers.</summary>
    public void Skip(long count)
    {
        while (count > 0)
        {
            if (next == Length) Twist();
            int step = (int)Math.Min(count, Length - next);
            next += step;
            count -= step;
        }
    }

    /// <summary>From 0 to below 1, of 24 bits of one number, as <c>torch.rand</c> in float32.</summary>
    public float NextSingle() => (NextUInt32() & 0xffffff) * (1f / (1 << 24));

    /// <summary>From 0 to below 1, of 53 bits of two numbers, as <c>torch.rand</c> in float64.</summary>
    public double NextDouble() => (NextUInt64() & ((1UL << 53) - 1)) * (1.0 / (1L << 53));

    /// <summary>An exponential of mean 1, as <c>exponential_</c> in float32.</summary>
    public float NextExponential() => Exponential(NextDouble());

    /// <summary>The exponential that a uniform number gives.</summary>
    public static float Exponential(double uniform) => (float)-LogOnePlus(-uniform);

    /// <summary>From 0 to below <paramref name="range"/>, as <c>torch.randint</c> below 2^32.</summary>
    public uint Next(uint range) => NextUInt32() % range;

    /// <summary>The numbers below <paramref name="count"/> in an order by chance, as <c>torch.randperm</c>.</summary>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = 0; i < count - 1; i++)
        {
            int other = i + (int)Next((uint)(count - i));
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    // log(1 + x) without the loss of 1 + x (Kahan).
    static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        if (sum == 1) return x;
        return sum == 0 ? double.NegativeInfinity : Math.Log(sum) * (x / (sum - 1));
    }

    void Twist()
    {
        for (int i = 0; i < Length - Middle; i++) Twist(i, i + 1, i + Middle);
        for (int i = Length - Middle; i < Length - 1; i++) Twist(i, i + 1, i + Middle - Length);
        Twist(Length - 1, 0, Middle - 1);
        next = 0;
    }

    void Twist(int at, int after, int middle)
    {
        uint pair = (state[at] & 0x80000000) | (state[after] & 0x7fffffff);
        state[at] = state[middle] ^ (pair >> 1) ^ ((uint)-(int)(pair & 1) & 0x9908b0df);
    }
}
