namespace Lowrank.Torch;

/// <summary>The rate falls to 0 along half a cosine that is counted from the run's beginning: it jumps down where the warm-up ends.</summary>
/// <remarks>The LoRA paper's own schedule of that name: microsoft/LoRA, examples/NLG/src/optimizer.py.</remarks>
public static class CosineFromStartCurve
{
    /// <summary>The curve.</summary>
    public static LearningRateCurve Curve { get; } = (schedule, step) =>
        schedule.BaseRate * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, (double)step / Math.Max(1, schedule.TotalSteps))));

    /// <summary>It in the list of schedules.</summary>
    public static ScheduleDescriptor Descriptor { get; } =
        new("cosine_from_start", "half a cosine counted from the beginning, as the LoRA paper's code has it", _ => Curve);
}
