using System.Globalization;

namespace Lowrank.Adapters;

/// <summary>What methods that rotate have in common.</summary>
static class Rotation
{
    /// <summary>
    /// I + 2S + 2S² + ... + 2Sⁿ⁻² + Sⁿ⁻¹ of skew matrices (..., size, size), n terms: (I + S)(I − S)⁻¹ but for higher powers.
    /// Source: PEFT 0.21.2, which with three terms computes four.
    /// </summary>
    public static Tensor Series(Tensor s, int terms)
    {
        var sum = eye(s.shape[^1], dtype: s.dtype, device: s.device).expand(s.shape);
        if (terms > 1) sum = sum + 2 * s;
        if (terms <= 2) return sum;
        var power = s.Multiply(s);
        sum = sum + 2 * power;
        for (int i = 3; i < terms - 1; i++)
        {
            power = power.Multiply(s);
            sum = sum + 2 * power;
        }
        return sum + power.Multiply(s);
    }

    /// <summary>The size of a square whose strict upper triangle has so many entries: size·(size − 1)/2, if any does.</summary>
    public static long Size(long entries) => (long)Math.Round((1 + Math.Sqrt(1 + 8.0 * entries)) / 2);

    /// <summary>The exact Cayley transform (I − S)(I + S)⁻¹ of skew matrices (..., size, size).</summary>
    public static Tensor Cayley(Tensor s) => CayleyTransform.OfDifference(s * -0.5);   // S = (S − Sᵀ) / 2

    /// <summary>What a size or number of blocks was moved to, as <see cref="MethodDescriptor.Moves"/> says it.</summary>
    /// <param name="before">Words before the number.</param>
    /// <param name="made">The number.</param>
    /// <param name="what">What it counts.</param>
    /// <param name="asked">The number that was asked for.</param>
    public static string? Moved(string before, long made, string what, long asked) =>
        made == asked ? null : string.Create(CultureInfo.InvariantCulture, $"{before} {made} {what} in place of {asked}").TrimStart();

    /// <summary>
    /// The divisor of <paramref name="number"/> nearest to <paramref name="asked"/>,
    /// the smaller of two; none below <paramref name="smallest"/>.
    /// </summary>
    public static long NearestDivisor(long number, long asked, long smallest = 2)
    {
        long best = number;
        for (long divisor = number; divisor >= smallest; divisor--)
        {
            bool isNearer = Math.Abs(divisor - asked) <= Math.Abs(best - asked);
            if (number % divisor == 0 && isNearer) best = divisor;
        }
        return best;
    }
}
