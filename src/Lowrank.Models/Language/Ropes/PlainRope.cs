namespace Lowrank.Models;

/// <summary>"default": the wave lengths as they are.</summary>
sealed class PlainRope(RopeSettings settings) : Rope
{
    readonly double[] frequencies = settings.Frequencies();

    public override double[] Frequencies(long length) => frequencies;
}
