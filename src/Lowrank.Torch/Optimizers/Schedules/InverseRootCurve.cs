namespace Lowrank.Torch;

/// <summary>The rate falls with the inverse root of the steps, as transformers' inverse_sqrt.</summary>
public static class InverseRootCurve
{
    const int WithoutWarmup = 10_000;

    static readonly TypedArgument<int> timescale = NamedArgument.Whole(
        "timescale", "inverse_sqrt: steps after which the rate is a root of two smaller; 0 is those of the warm-up, or 10000 without one",
        0, NumberRange.AtLeast(0)) with
    {
        AlsoCalled = ["lr_scheduler_timescale"],
    };

    /// <summary>The curve.</summary>
    /// <param name="timescale">Its scale in steps; 0 means the warm-up's, or 10000 without one.</param>
    public static LearningRateCurve Of(int timescale = 0) => (schedule, step) =>
    {
        int scale = timescale;
        if (scale == 0) scale = schedule.WarmupSteps > 0 ? schedule.WarmupSteps : WithoutWarmup;
        return schedule.BaseRate / Math.Sqrt((double)(step + scale - schedule.WarmupSteps) / scale);
    };

    /// <summary>It in the list of schedules.</summary>
    public static ScheduleDescriptor Descriptor { get; } =
        new("inverse_sqrt", "the rate falls with the inverse root of the steps", given => Of(timescale.In(given)))
        {
            Arguments = [timescale],
        };
}
