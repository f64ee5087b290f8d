namespace Lowrank.Diffusion;

/// <summary>
/// DPM fast: DPM-Solver steps of third order, evenly spaced in ln σ, that together ask the network once for each step of the plan.
/// </summary>
/// <remarks>
/// k-diffusion's sample_dpm_fast. Of the plan it heeds the first σ, the last that is not 0, where it ends, and the number of steps.
/// </remarks>
/// <param name="eta">Share of fresh noise; 0 for none.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
public sealed class DpmFastSampler(double eta = 0, double noiseScale = 1) : RatioSampler
{
    /// <inheritdoc/>
    public override NoiseLevel End(SamplingPlan plan) => DpmRange.Of(plan).Lowest;

    /// <inheritdoc/>
    protected override IEnumerable<SamplingStep> Way(SamplerContext context)
    {
        var (highest, lowest) = DpmRange.Of(context.Plan);
        int steps = context.Plan.Steps.Count / 3 + 1;
        var ratios = Spread.Exponential(highest.Ratio, lowest.Ratio, steps + 1);
        NoiseLevel[] levels = [highest, .. ratios.Skip(1).SkipLast(1).Select(ratio => context.Plan.LevelAt(ratio)), lowest];
        return levels.Zip(levels.Skip(1), (from, to) => new SamplingStep(from, to));
    }

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        double lowest = DpmRange.Of(step.Plan).Lowest.Ratio;
        double down = Math.Max(AncestralSplit.Of(step.From, step.To, eta).Down, lowest);
        double up = Math.Sqrt(Math.Max(step.To * step.To - down * down, 0));
        var stage = new DpmSolverStage(step, down);
        var y = OrderOf(step.Number, step.Plan.Steps.Count) switch { 1 => stage.First(), 2 => stage.Second(), _ => stage.Third() };
        return up > 0 && eta > 0 ? y + step.Draw() * (up * noiseScale) : y;
    }

    // Thirds as long as evaluations last; three that are left make a second and a first order.
    static int OrderOf(int number, int evaluations)
    {
        int last = evaluations / 3, rest = evaluations % 3;
        if (rest != 0) return number == last ? rest : 3;
        return number < last - 1 ? 3 : last - number + 1;
    }
}
