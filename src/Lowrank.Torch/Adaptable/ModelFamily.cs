namespace Lowrank.Torch;

/// <summary>
/// A family of base models, between whose members adapters can be exchanged: what files and metadata call it, and how they are known to be
/// for it.
/// </summary>
/// <param name="Name">Short name: "sd1", "own".</param>
public sealed record ModelFamily(string Name)
{
    /// <summary>Name for people.</summary>
    public string Title { get; init; } = Name;

    /// <summary>What metadata call its models.</summary>
    public FamilyFacts Facts { get; init; } = new(Name, Name);

    /// <summary>What metadata call those of its models that predict v rather than noise; null where they call them the same.</summary>
    public FamilyFacts? FactsOfVelocity { get; init; }

    /// <summary>The blocks that lists of one number each may name, a list for every length that programs know.</summary>
    public IReadOnlyList<IReadOnlyList<string>> BlockLists { get; init; } = [];

    /// <summary>Whether a tensor of an adapter's file, by its key and shape, tells that the file is for this family.</summary>
    public Func<string, long[], bool> IsToldBy { get; init; } = static (_, _) => false;

    /// <summary>What metadata call a model of the family.</summary>
    public FamilyFacts FactsOf(bool predictsVelocity) => predictsVelocity ? FactsOfVelocity ?? Facts : Facts;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
