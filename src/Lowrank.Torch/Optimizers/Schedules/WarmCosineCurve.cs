namespace Lowrank.Torch;

/// <summary>The same with a warm-up that does not begin at 0, as transformers' cosine_warmup_with_min_lr.</summary>
public static class WarmCosineCurve
{
    static readonly TypedArgument<double> waves =
        NamedArgument.Number("waves", "cosine_with_min_lr, warmup_stable_decay: number of waves (num_cycles)", 0.5, NumberRange.Above(0));

    static readonly FreeArgument<double?> start = NamedArgument.OptionalNumber(
        "warmup_lr_ratio", "cosine_warmup_with_min_lr: share of the rate with which the warm-up begins; none is one step's",
        NumberRange.Between(0, 1));

    /// <summary>The curve.</summary>
    /// <param name="least">The least rate's share of the rate, in a run.</param>
    /// <param name="cycles">Number of waves.</param>
    /// <param name="start">Share of the rate with which the warm-up begins; null for that of a first step.</param>
    public static LearningRateCurve Of(Func<LearningRateSchedule, double> least, double cycles = 0.5, double? start = null)
    {
        var fall = CosineToLeastCurve.Of(least, cycles);
        // The fall, too, is a step ahead.
        return (schedule, step) => step < schedule.WarmupSteps ? Warmed(schedule, step, start) : fall(schedule, step + 1);
    }

    static double Warmed(LearningRateSchedule schedule, int step, double? start)
    {
        if (start is not { } share) return schedule.BaseRate * (step + 1.0) / Math.Max(1, schedule.WarmupSteps);
        return schedule.BaseRate * (share + (1 - share) * step / Math.Max(1, schedule.WarmupSteps - 1));
    }

    /// <summary>It in the list of schedules.</summary>
    public static ScheduleDescriptor Descriptor { get; } = new(
        "cosine_warmup_with_min_lr", "as cosine_with_min_lr, with a warm-up whose first step learns",
        given => Of(LeastRate.In(given), waves.In(given), start.In(given)))
    {
        Arguments = [LeastRate.Share, LeastRate.Rate, waves, start],
        Spellings = LeastRate.Spellings,
        HoldsWarmup = true,
    };
}
