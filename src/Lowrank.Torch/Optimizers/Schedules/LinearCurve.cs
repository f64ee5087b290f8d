namespace Lowrank.Torch;

/// <summary>The rate falls to 0 in a straight line.</summary>
public static class LinearCurve
{
    /// <summary>The curve.</summary>
    public static LearningRateCurve Curve { get; } = static (schedule, step) =>
        schedule.BaseRate * Math.Max(0, (double)(schedule.TotalSteps - step) / Math.Max(1, schedule.TotalSteps - schedule.WarmupSteps));

    /// <summary>It in the list of schedules.</summary>
    public static ScheduleDescriptor Descriptor { get; } = new("linear", "the rate falls to 0 in a straight line", _ => Curve);
}
