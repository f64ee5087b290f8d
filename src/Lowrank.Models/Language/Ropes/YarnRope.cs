namespace Lowrank.Models;

/// <summary>"yarn": a ramp over the pairs from kept to stretched waves, and warmer attention (Peng et al., arXiv 2309.00071).</summary>
sealed class YarnRope : Rope
{
    readonly double[] frequencies;

    /// <param name="settings">What all kinds have.</param>
    /// <param name="factor">By what waves are stretched.</param>
    /// <param name="original">The length before it was stretched.</param>
    /// <param name="fast">Waves that turn more often than this within the original length are kept.</param>
    /// <param name="slow">Those that turn less often are stretched whole.</param>
    /// <param name="truncates">Whether the ramp's ends are moved outwards to whole pairs.</param>
    /// <param name="magnitude">By what cosines and sines are multiplied.</param>
    public YarnRope(RopeSettings settings, double factor, double original, double fast, double slow, bool truncates, double magnitude)
    {
        Magnitude = magnitude;
        double begin = PairOf(fast), end = PairOf(slow);
        if (truncates) (begin, end) = (Math.Floor(begin), Math.Ceiling(end));
        (begin, end) = (Math.Max(begin, 0), Math.Min(end, settings.Rotated - 1));
        if (begin == end) end += 0.001;
        frequencies = [.. settings.Frequencies().Select((frequency, pair) =>
        {
            double stretched = Math.Clamp((pair - begin) / (end - begin), 0, 1);
            return frequency / factor * stretched + frequency * (1 - stretched);
        })];

        double PairOf(double turns) =>
            settings.Rotated * Math.Log(original / (turns * 2 * Math.PI)) / (2 * Math.Log(settings.Theta));
    }

    public override double Magnitude { get; }

    public override double[] Frequencies(long length) => frequencies;

    /// <summary>0.1 m ln(factor) + 1: the paper's magnitude for a factor above one.</summary>
    public static double MagnitudeOf(double factor, double scale = 1) => factor <= 1 ? 1 : 0.1 * scale * Math.Log(factor) + 1;
}
