namespace Lowrank.Diffusion;

/// <summary>Steps of a run that follow each other, counted from 0.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The one after the last; null means to the run's end.</param>
public readonly record struct StepRange(int From = 0, int? To = null)
{
    /// <summary>Whether a step is one of them.</summary>
    public bool Holds(int step) => step >= From && (To is not { } end || step < end);
}
