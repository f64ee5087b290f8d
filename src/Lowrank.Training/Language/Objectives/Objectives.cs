using System.Diagnostics.CodeAnalysis;

namespace Lowrank.Training;

/// <summary>Every objective of language models that a recipe can name.</summary>
public static class Objectives
{
    static readonly NamedList<ObjectiveDescriptor> list = new(
        "objective", objective => [objective.Name, .. objective.OtherNames],
        SupervisedObjective.Descriptor, ClassificationObjective.Descriptor, ClassificationObjective.OfTokens,
        LabelsObjective.SeveralClasses, LabelsObjective.Regression, SpansObjective.Descriptor, RewardObjective.Descriptor,
        DpoObjective.Descriptor, OrpoObjective.Descriptor, CpoObjective.SimPo, CpoObjective.Descriptor, KtoObjective.Descriptor,
        GrpoObjective.Descriptor, RlooObjective.Descriptor);

    /// <summary>The list.</summary>
    public static IReadOnlyList<ObjectiveDescriptor> All => list.All;

    /// <summary>Adds an objective, where the program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or a name is taken.</exception>
    public static void Add(ObjectiveDescriptor objective) => list.Add(objective);

    /// <summary>The objective of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static ObjectiveDescriptor Named(string name) => list.Named(name);

    /// <summary>The objective of that name, where there is one.</summary>
    public static bool TryNamed(string name, [MaybeNullWhen(false)] out ObjectiveDescriptor objective) =>
        list.TryNamed(name, out objective);
}
