namespace Lowrank.Diffusion;

/// <summary>The stretch of a plan that DPM fast and DPM adaptive cover with steps of their own.</summary>
/// <param name="Highest">Where they begin.</param>
/// <param name="Lowest">Where they end: the last level that is not without noise.</param>
readonly record struct DpmRange(NoiseLevel Highest, NoiseLevel Lowest)
{
    /// <summary>The stretch of a plan.</summary>
    internal static DpmRange Of(SamplingPlan plan)
    {
        plan.RequireSigma("dpm_fast or dpm_adaptive");
        var (first, last) = (plan.Steps[0], plan.Steps[^1]);
        if (last.To.Sigma > 0) return new(first.From, last.To);
        // One step alone would begin where it ends.
        return new(first.From, plan.Steps.Count > 1 ? last.From : plan.LevelAt(plan.Table.Min));
    }
}
