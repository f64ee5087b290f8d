namespace Lowrank.Torch;

/// <summary>The rate falls along a cosine to a least one, as transformers' cosine_with_min_lr.</summary>
public static class CosineToLeastCurve
{
    static readonly TypedArgument<double> waves =
        NamedArgument.Number("waves", "cosine_with_min_lr, warmup_stable_decay: number of waves (num_cycles)", 0.5, NumberRange.Above(0));

    /// <summary>The curve.</summary>
    /// <param name="least">The least rate's share of the rate, in a run.</param>
    /// <param name="cycles">Number of waves; 0.5 is half a wave, from peak to least.</param>
    public static LearningRateCurve Of(Func<LearningRateSchedule, double> least, double cycles = 0.5) => (schedule, step) =>
    {
        double share = 0.5 * (1 + Math.Cos(Math.PI * cycles * 2 * schedule.Progress(step))), end = least(schedule);
        return schedule.BaseRate * Math.Max(0, share * (1 - end) + end);
    };

    /// <summary>It in the list of schedules.</summary>
    public static ScheduleDescriptor Descriptor { get; } = new(
        "cosine_with_min_lr", "the rate falls along half a cosine to min_lr", given => Of(LeastRate.In(given), waves.In(given)))
    {
        Arguments = [LeastRate.Share, LeastRate.Rate, waves],
        Spellings = LeastRate.Spellings,
    };
}
