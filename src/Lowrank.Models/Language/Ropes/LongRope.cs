namespace Lowrank.Models;

/// <summary>"longrope": each pair has a factor of its own, one for short rows and one for long ones (Ding et al., arXiv
/// 2402.13753).</summary>
/// <param name="settings">What all kinds have.</param>
/// <param name="shortFactors">One a pair, for rows up to the original length.</param>
/// <param name="longFactors">One a pair, for longer rows.</param>
/// <param name="original">The original length.</param>
/// <param name="magnitude">By what cosines and sines are multiplied.</param>
sealed class LongRope(
    RopeSettings settings, IReadOnlyList<double> shortFactors, IReadOnlyList<double> longFactors, double original, double magnitude) : Rope
{
    public override double Magnitude => magnitude;

    public override bool DependsOnLength => true;

    public override double[] Frequencies(long length)
    {
        var factors = length > original ? longFactors : shortFactors;
        return [.. settings.Frequencies().Select((frequency, pair) => frequency / factors[pair])];
    }

    /// <summary>√(1 + ln s / ln L): the paper's magnitude for a stretch of s above one from a length of L.</summary>
    public static double MagnitudeOf(double stretch, double original) =>
        stretch <= 1 ? 1 : Math.Sqrt(1 + Math.Log(stretch) / Math.Log(original));
}
