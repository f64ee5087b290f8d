namespace Lowrank.Torch;

/// <summary>The rate falls to 0 along half a cosine several times, jumping back up between.</summary>
public static class RestartsCurve
{
    static readonly TypedArgument<int> cycles =
        NamedArgument.Whole("cycles", "Number of waves of cosine_with_restarts", 1, NumberRange.AtLeast(1)) with
        {
            AlsoCalled = ["lr_scheduler_num_cycles"],
        };

    /// <summary>The curve.</summary>
    /// <param name="cycles">How often it falls.</param>
    public static LearningRateCurve Of(double cycles = 1) => (schedule, step) =>
    {
        double progress = schedule.Progress(step);
        return progress >= 1 ? 0 : schedule.BaseRate * Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * (cycles * progress % 1))));
    };

    /// <summary>It in the list of schedules.</summary>
    public static ScheduleDescriptor Descriptor { get; } =
        new("cosine_with_restarts", "the rate falls to 0 along half a cosine several times", given => Of(cycles.In(given)))
        {
            Arguments = [cycles],
            Spellings = new Dictionary<string, string> { ["num_cycles"] = "cycles" },
        };
}
