namespace Lowrank.Torch;

/// <summary>What there is to know of a learning-rate schedule without running it.</summary>
/// <param name="Name">Its name, as kohya's <c>lr_scheduler</c> has it.</param>
/// <param name="Help">How the rate goes, in a line.</param>
/// <param name="CurveOf">The curve with the arguments that are given, by name.</param>
public sealed record ScheduleDescriptor(string Name, string Help, Func<IReadOnlyDictionary<string, string>, LearningRateCurve> CurveOf)
{
    /// <summary>Options of its own.</summary>
    public IReadOnlyList<NamedArgument> Arguments { get; init; } = [];

    /// <summary>The schedule of a run.</summary>
    /// <param name="baseRate">The rate at the warm-up's end.</param>
    /// <param name="totalSteps">Steps of the run.</param>
    /// <param name="warmupSteps">Steps of the warm-up.</param>
    /// <param name="arguments">Arguments by name; those of others are passed over.</param>
    public LearningRateSchedule Create(
        double baseRate, int totalSteps, int warmupSteps, IReadOnlyDictionary<string, string> arguments) =>
        new(CurveOf(arguments), baseRate, totalSteps, warmupSteps);
}
