namespace Lowrank.Torch;

/// <summary>The rate falls to 0 along half a cosine.</summary>
public static class CosineCurve
{
    /// <summary>The curve.</summary>
    /// <param name="cycles">Number of waves; 0.5 is half a wave, from peak to zero.</param>
    public static LearningRateCurve Of(double cycles = 0.5) => (schedule, step) =>
        schedule.BaseRate * Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * cycles * 2 * schedule.Progress(step))));

    /// <summary>It in the list of schedules.</summary>
    public static ScheduleDescriptor Descriptor { get; } = new("cosine", "the rate falls to 0 along half a cosine", _ => Of());
}
