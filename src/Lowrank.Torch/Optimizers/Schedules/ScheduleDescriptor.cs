namespace Lowrank.Torch;

/// <summary>What there is to know of a learning-rate schedule without running it.</summary>
/// <param name="Name">Its name, as kohya's <c>lr_scheduler</c> has it.</param>
/// <param name="Help">How the rate goes, in a line.</param>
/// <param name="CurveOf">The curve with the arguments that are given, by name.</param>
public sealed record ScheduleDescriptor(string Name, string Help, Func<IReadOnlyDictionary<string, string>, LearningRateCurve> CurveOf)
{
    /// <summary>Options of its own.</summary>
    public IReadOnlyList<NamedArgument> Arguments { get; init; } = [];

    /// <summary>Names that other programs have for it.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>What other programs call an argument, and its name here.</summary>
    public IReadOnlyDictionary<string, string> Spellings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the curve holds the warm-up itself.</summary>
    public bool HoldsWarmup { get; init; }

    /// <summary>Arguments written as <c>name=value</c>, in these words or in those of Python's libraries, by their names here.</summary>
    /// <exception cref="LowrankException">One is not known (the nearest are told), is given twice, or has a value that cannot
    /// be.</exception>
    public IReadOnlyDictionary<string, string> Read(IEnumerable<string> pairs) =>
        SpelledArguments.Read($"the schedule {Name}", Arguments, Spellings, pairs);

    /// <summary>The schedule of a run.</summary>
    /// <param name="baseRate">The rate at the warm-up's end.</param>
    /// <param name="totalSteps">Steps of the run.</param>
    /// <param name="warmupSteps">Steps of the warm-up.</param>
    /// <param name="arguments">Arguments by name; those of others are passed over.</param>
    public LearningRateSchedule Create(
        double baseRate, int totalSteps, int warmupSteps, IReadOnlyDictionary<string, string> arguments) =>
        new(CurveOf(arguments), baseRate, totalSteps, warmupSteps) { HoldsWarmup = HoldsWarmup };
}
