namespace Lowrank.Adapters;

/// <summary>How LyCORIS splits a number of channels in two factors.</summary>
static class Factorization
{
    /// <summary>(smaller, larger) with smaller·larger = <paramref name="channels"/>.</summary>
    /// <param name="channels">What is split.</param>
    /// <param name="factor">A divisor is taken as one of the two; any other number bounds the smaller one;
    /// −1 leaves it free: as near to a square as can be.</param>
    public static (long Smaller, long Larger) Of(long channels, long factor)
    {
        if (factor > 0 && channels % factor == 0) return (Math.Min(factor, channels / factor), Math.Max(factor, channels / factor));
        long bound = factor < 0 ? channels : factor, best = 1;
        // Divisors upward; the sum of the two falls up to the square root and rises beyond.
        for (long divisor = 2; divisor * divisor <= channels && divisor <= bound; divisor++)
            if (channels % divisor == 0) best = divisor;
        return (best, channels / best);
    }
}
