namespace Lowrank.Models;

/// <summary>"linear": positions are divided by a factor (Chen et al., arXiv 2306.15595).</summary>
sealed class LinearRope(RopeSettings settings, double factor) : Rope
{
    readonly double[] frequencies = [.. settings.Frequencies().Select(frequency => frequency / factor)];

    public override double[] Frequencies(long length) => frequencies;
}
