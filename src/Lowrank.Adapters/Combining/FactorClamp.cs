namespace Lowrank.Adapters;

/// <summary>The clamp of kohya's and PEFT's decompositions: both factors are held within ± one quantile of their values.</summary>
/// <remarks>
/// The quantile is that of the signed values, so that the bound hangs on the accidental signs of the singular
/// vectors; ours are chosen (see <see cref="TruncatedSvd"/>).
/// A clamped product is not exact even at full rank.
/// </remarks>
public static class FactorClamp
{
    /// <summary>The clamped factors.</summary>
    /// <param name="up">With the singular values worked in.</param>
    /// <param name="down">The right singular vectors.</param>
    /// <param name="quantile">0 to 1; null leaves the factors as they are.</param>
    public static (Tensor Up, Tensor Down) Clamp(Tensor up, Tensor down, double? quantile)
    {
        if (quantile is not { } share) return (up, down);
        double bound = Quantiles.Of(cat([up.reshape(-1), down.reshape(-1)]), share);
        return (up.clamp(-bound, bound), down.clamp(-bound, bound));
    }
}
