using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>
/// A Brownian motion that a seed determines, whatever is asked of it and in which order: torchsde's BrownianTree (0.2.6).
/// </summary>
/// <remarks>
/// The whole stretch is halved, and its halves, down to steps of a millionth; where a stretch is halved, its increment is split by the
/// bridge between its ends (Li et al. 2020, arXiv:2001.01328). Every halving has a seed of its own, so that nothing is kept: an answer
/// takes some twenty draws for each end, and the memory of as many samples while it is made.
/// </remarks>
public sealed class BrownianTree
{
    const int PoolSize = 24, Digits = 6;

    readonly ulong entropy;
    readonly long[] shape;
    readonly NoiseSource source;
    readonly double deviation;
    readonly Stretch whole;

    /// <summary>The motion of a seed.</summary>
    /// <param name="seed">64 bits, kept as signed.</param>
    /// <param name="shape">Shape of the sample that moves.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where it ends; after the start.</param>
    /// <param name="source">What draws; torch's generator of the CPU unless another is given.</param>
    public BrownianTree(long seed, long[] shape, double start, double end, NoiseSource? source = null)
    {
        if (!(start < end))
            throw new LowrankException(string.Create(CultureInfo.InvariantCulture,
                $"A Brownian motion from {start} to {end} goes nowhere: it must end after its start. Take more than one noise level."));
        (entropy, this.shape, this.source) = (unchecked((ulong)seed), shape, source ?? NoiseSources.Cpu);
        deviation = Math.Sqrt(end - start);
        whole = new(Rounded(start), Rounded(end), 0, 0);
    }

    /// <summary>How far it moves between two times: normal, with the variance of their distance. Float32 on the CPU.</summary>
    /// <param name="from">The earlier; what lies outside of the motion counts as its nearer end.</param>
    /// <param name="to">The later.</param>
    public Tensor Increment(double from, double to)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(shape, dtype: ScalarType.Float32, device: CPU);
        (from, to) = (Rounded(Math.Clamp(from, whole.Start, whole.End)), Rounded(Math.Clamp(to, whole.Start, whole.End)));
        if (from < to) Add(sum, whole, Normal(SeedOf([])).mul_(deviation), from, to);
        return scope.MoveToOuter(sum);
    }

    // Adds what of a stretch, over which the motion makes this increment, lies between two times within it.
    void Add(Tensor sum, Stretch stretch, Tensor increment, double from, double to)
    {
        if (from == stretch.Start && to == stretch.End)
        {
            sum.add_(increment);
            return;
        }
        using var scope = NewDisposeScope();
        double middle = Rounded(0.5 * (stretch.End + stretch.Start));
        double before = middle - stretch.Start, after = stretch.End - middle, share = 1 / (stretch.End - stretch.Start);
        var noise = Normal(SeedOf([stretch.Key, stretch.Depth]));
        var first = increment * before * share + noise.mul_(Math.Sqrt(before * after * share));
        if (from < middle) Add(sum, stretch.Half(stretch.Start, middle, 0), first, from, Math.Min(to, middle));
        if (to > middle) Add(sum, stretch.Half(middle, stretch.End, 1), increment - first, Math.Max(from, middle), to);
    }

    uint SeedOf(ReadOnlySpan<ulong> key) => SeedSequence.Generate(entropy, key, PoolSize, 1)[0];

    Tensor Normal(uint seed)
    {
        using var generator = source.Create(seed);
        return generator.Draw(shape);
    }

    // As Python rounds: by the decimal digits of the exact value, and to even where it lies half way (odd multiples of 1/128 alone do).
    static double Rounded(double time)
    {
        double of128 = time * 128;
        bool isHalfWay = of128 % 2 is 1 or -1;
        if (isHalfWay) return Math.Round(time * 1e6) / 1e6;
        return double.Parse(time.ToString("F" + Digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    // A stretch with its place in the tree: the root's first half, its second half, ... as the digits of a binary number.
    readonly record struct Stretch(double Start, double End, ulong Key, ulong Depth)
    {
        public Stretch Half(double start, double end, ulong digit) => new(start, end, 2 * Key + digit, Depth + 1);
    }
}
