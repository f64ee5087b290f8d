namespace Lowrank.Torch;

/// <summary>The rate rises, stays, and falls at the end, as transformers' warmup_stable_decay (WSD).</summary>
public static class StableCurve
{
    static readonly string[] shapes = ["linear", "cosine", "1-sqrt"];

    static readonly TypedArgument<double> decaySteps = NamedArgument.Number(
        "decay_steps", "warmup_stable_decay: how long the rate falls at the end: steps from 1 up, or a share of all steps below 1", 0.1,
        NumberRange.AtLeast(0)) with
    {
        AlsoCalled = ["lr_decay_steps"],
    };

    static readonly TypedArgument<int> stableSteps = NamedArgument.Whole(
        "stable_steps", "warmup_stable_decay: how long it stays; 0 is what warm-up and fall leave", 0, NumberRange.AtLeast(0));

    static readonly FreeArgument<string> warmupShape =
        NamedArgument.Word("warmup_type", "warmup_stable_decay: how it rises", "linear", shapes);

    static readonly FreeArgument<string> decayShape =
        NamedArgument.Word("decay_type", "warmup_stable_decay: how it falls", "cosine", shapes);

    static readonly TypedArgument<double> waves =
        NamedArgument.Number("waves", "cosine_with_min_lr, warmup_stable_decay: number of waves (num_cycles)", 0.5, NumberRange.Above(0));

    /// <summary>It in the list of schedules.</summary>
    public static ScheduleDescriptor Descriptor { get; } =
        new("warmup_stable_decay", "the rate rises, stays, and falls at the end", Of)
        {
            Arguments = [decaySteps, stableSteps, warmupShape, decayShape, LeastRate.Share, LeastRate.Rate, waves],
            Spellings = new Dictionary<string, string>
            {
                ["num_decay_steps"] = "decay_steps", ["num_stable_steps"] = "stable_steps", ["num_cycles"] = "waves",
                ["min_lr_rate"] = "min_lr_ratio",
            },
            HoldsWarmup = true,
        };

    static LearningRateCurve Of(IReadOnlyDictionary<string, string> given)
    {
        double fall = decaySteps.In(given), cycles = waves.In(given);
        int stay = stableSteps.In(given);
        var (rises, falls, least) = (warmupShape.In(given), decayShape.In(given), LeastRate.In(given));
        return (schedule, step) =>
        {
            double end = least(schedule), length = Math.Floor(fall < 1 ? fall * schedule.TotalSteps : fall);
            double stable = stay > 0 ? stay : schedule.TotalSteps - schedule.WarmupSteps - length;
            double begun = step - schedule.WarmupSteps - stable;
            double share = 0;
            if (step < schedule.WarmupSteps) share = Rise(rises, (double)step / Math.Max(1, schedule.WarmupSteps));
            else if (begun < 0) share = 1;
            else if (begun < length) share = Fall(falls, begun / Math.Max(1, length), cycles);
            return schedule.BaseRate * Math.Max(0, step >= schedule.WarmupSteps && begun < 0 ? 1 : share * (1 - end) + end);
        };
    }

    static double Rise(string shape, double progress) => shape switch
    {
        "linear" => progress,
        "cosine" => 0.5 * (1 - Math.Cos(Math.PI * progress)),
        _ => 1 - Math.Sqrt(1 - progress),
    };

    static double Fall(string shape, double progress, double cycles) => shape switch
    {
        "linear" => 1 - progress,
        "cosine" => 0.5 * (1 + Math.Cos(Math.PI * cycles * 2 * progress)),
        _ => 1 - Math.Sqrt(progress),
    };
}
