namespace Lowrank.Torch;

/// <summary>The rate stays.</summary>
public static class ConstantCurve
{
    /// <summary>The curve.</summary>
    public static LearningRateCurve Curve { get; } = static (schedule, _) => schedule.BaseRate;

    /// <summary>It in the list of schedules.</summary>
    public static ScheduleDescriptor Descriptor { get; } = new("constant", "the rate stays", _ => Curve)
    {
        OtherNames = ["constant_with_warmup", "adafactor"],
    };
}
