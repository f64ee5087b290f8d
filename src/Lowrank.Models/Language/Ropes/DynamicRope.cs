namespace Lowrank.Models;

/// <summary>"dynamic": rows longer than the model was made for get a larger base (dynamic NTK scaling).</summary>
sealed class DynamicRope(RopeSettings settings, double factor) : Rope
{
    public override bool DependsOnLength => true;

    public override double[] Frequencies(long length)
    {
        double stretch = factor * Math.Max(length, settings.MaxPositions) / settings.MaxPositions - (factor - 1);
        return settings.Frequencies(settings.Theta * Math.Pow(stretch, settings.Rotated / (settings.Rotated - 2.0)));
    }
}
