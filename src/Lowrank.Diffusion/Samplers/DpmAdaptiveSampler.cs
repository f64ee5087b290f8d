namespace Lowrank.Diffusion;

/// <summary>
/// DPM adaptive: DPM-Solver of two orders side by side, whose difference tells how long the next step may be (k-diffusion's
/// sample_dpm_adaptive). Of the plan it heeds the first σ and the last that is not 0, where it ends.
/// </summary>
/// <remarks>
/// Lu et al. 2022, arXiv:2206.00927, appendix C. The number of steps is its own; a step that was tried in vain counts too. All pictures of
/// a batch go by the same steps, so that a picture depends on those beside it.
/// </remarks>
/// <param name="options">Tolerances and control; null for k-diffusion's.</param>
public sealed class DpmAdaptiveSampler(DpmAdaptiveOptions? options = null) : RatioSampler
{
    readonly DpmAdaptiveOptions options = options ?? new();

    /// <inheritdoc/>
    public override bool TiesBatch => true;

    /// <inheritdoc/>
    public override NoiseLevel End(SamplingPlan plan) => DpmRange.Of(plan).Lowest;

    /// <inheritdoc/>
    protected override IEnumerable<SamplingStep> Way(SamplerContext context)
    {
        if (options.Order is not (2 or 3))
            throw new LowrankException($"DPM adaptive compares order 1 with 2 or 2 with 3, and {options.Order} was given. Give 2 or 3.");
        var control = context.Remember(() => new DpmStepControl(options));
        var (from, lowest) = DpmRange.Of(context.Plan);
        while (Math.Log(from.Ratio / lowest.Ratio) > 1e-5)
        {
            double next = Math.Max(from.Ratio * Math.Exp(-control.Length), lowest.Ratio);
            var step = new SamplingStep(from, next == lowest.Ratio ? lowest : context.Plan.LevelAt(next));
            yield return step;
            if (control.Accepted) from = step.To;
        }
    }

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var context = step.Context;
        var control = context.Remember(() => new DpmStepControl(options));
        double lowest = DpmRange.Of(step.Plan).Lowest.Ratio;
        double down = Math.Max(AncestralSplit.Of(step.From, step.To, options.Eta).Down, lowest);
        double up = Math.Sqrt(Math.Max(step.To * step.To - down * down, 0));
        var stage = new DpmSolverStage(step, down);
        var (low, high) = options.Order == 2 ? (stage.First(), stage.Second()) : (stage.Second(1.0 / 3), stage.Third());
        var before = context.Saved ?? step.Y;
        var allowed = (options.RelativeTolerance * low.abs().maximum(before.abs())).clamp_min(options.AbsoluteTolerance);
        double error = ((low - high) / allowed).square().mean().item<float>();
        control.Judge(Math.Sqrt(error));
        if (!control.Accepted) return Unmoved(step);
        context.Save(low);
        return up > 0 && options.Eta > 0 ? high + step.Draw() * (up * options.NoiseScale) : high;
    }

    // y after a step is multiplied by α of the step's end: here it shall be x as it was.
    static Tensor Unmoved(RatioStep step)
    {
        var (from, to) = step.Context.Steps[step.Number];
        return step.Y * (from.Alpha / to.Alpha);
    }
}
