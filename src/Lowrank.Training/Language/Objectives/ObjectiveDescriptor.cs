namespace Lowrank.Training;

/// <summary>What there is to know of an objective without training for it.</summary>
/// <param name="Name">Its name, as recipes write it.</param>
/// <param name="Help">What it is, in a line.</param>
/// <param name="Create">One with the arguments that are given by name; those of others are passed over.</param>
public sealed record ObjectiveDescriptor(string Name, string Help, Func<IReadOnlyDictionary<string, string>, IObjective> Create)
{
    /// <summary>Names that other programs have for it.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>Options of its own.</summary>
    public IReadOnlyList<NamedArgument> Arguments { get; init; } = [];
}
