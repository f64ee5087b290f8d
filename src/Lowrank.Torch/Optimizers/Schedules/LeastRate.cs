namespace Lowrank.Torch;

/// <summary>Where a schedule ends that does not fall to 0: a share of the rate, or a rate.</summary>
static class LeastRate
{
    /// <summary>The share.</summary>
    public static TypedArgument<double> Share { get; } = NamedArgument.Number(
        "min_lr_ratio", "share of the rate at which schedules with a least rate end", 0, NumberRange.Between(0, 1)) with
    {
        AlsoCalled = ["lr_scheduler_min_lr_ratio"],
    };

    /// <summary>The rate.</summary>
    public static FreeArgument<double?> Rate { get; } =
        NamedArgument.OptionalNumber("min_lr", "rate at which they end; none takes min_lr_ratio", NumberRange.AtLeast(0));

    /// <summary>What peers call the share.</summary>
    public static IReadOnlyDictionary<string, string> Spellings { get; } =
        new Dictionary<string, string> { ["min_lr_rate"] = "min_lr_ratio", ["num_cycles"] = "waves" };

    /// <summary>The share that is meant in a run.</summary>
    /// <exception cref="LowrankException">Both are given.</exception>
    public static Func<LearningRateSchedule, double> In(IReadOnlyDictionary<string, string> given)
    {
        double share = Share.In(given);
        if (Rate.In(given) is not { } rate) return _ => share;
        if (share > 0) throw new LowrankException("min_lr and min_lr_ratio are both given, and either says where the rate ends");
        return schedule => schedule.BaseRate > 0 ? rate / schedule.BaseRate : 0;
    }
}
