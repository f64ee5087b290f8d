namespace Lowrank.Torch;

/// <summary>A learning rate as a function of the step: it has no state, so resuming needs none.</summary>
/// <remarks>The five curves and their warm-up are those of diffusers' and transformers' <c>optimization.py</c>, and so kohya's.</remarks>
public sealed record LearningRateSchedule(LearningRateCurve Curve, double BaseRate, int TotalSteps, int WarmupSteps = 0)
{
    /// <summary>Number of waves: half waves from peak to zero are 0.5 for cosine (the default), restarts count whole ones.</summary>
    public double Cycles { get; init; } = Curve == LearningRateCurve.CosineWithRestarts ? 1 : 0.5;

    /// <summary>Exponent of the polynomial curve.</summary>
    public double Power { get; init; } = 1;

    /// <summary>Where the polynomial curve ends.</summary>
    public double EndRate { get; init; } = 1e-7;

    /// <summary>The rate of optimizer step <paramref name="step"/>, counted from 0. During warm-up it rises from 0 in a straight line.</summary>
    public double At(int step)
    {
        if (step < WarmupSteps) return BaseRate * step / Math.Max(1, WarmupSteps);
        double progress = (double)(step - WarmupSteps) / Math.Max(1, TotalSteps - WarmupSteps);
        return Curve switch
        {
            LearningRateCurve.Constant => BaseRate,
            LearningRateCurve.Linear => BaseRate * Math.Max(0, (double)(TotalSteps - step) / Math.Max(1, TotalSteps - WarmupSteps)),
            LearningRateCurve.Cosine => BaseRate * Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * Cycles * 2 * progress))),
            LearningRateCurve.CosineWithRestarts => progress >= 1 ? 0 : BaseRate * Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * (Cycles * progress % 1)))),
            LearningRateCurve.Polynomial => step > TotalSteps ? EndRate : (BaseRate - EndRate) * Math.Pow(1 - progress, Power) + EndRate,
            _ => throw new LowrankException($"no learning-rate curve {Curve}"),
        };
    }
}
