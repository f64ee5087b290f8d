namespace Lowrank.Training;

/// <summary>Every kind of training that a recipe's task can name.</summary>
public static class TrainingKinds
{
    static readonly NamedList<TrainingKind> list = new("task", kind => [kind.Name], PictureTraining.Kind, LanguageTraining.Kind);

    /// <summary>The list; a recipe that names no task means the first.</summary>
    public static IReadOnlyList<TrainingKind> All => list.All;

    /// <summary>Adds a kind, where the program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or the name is taken.</exception>
    public static void Add(TrainingKind kind) => list.Add(kind);

    /// <summary>The kind of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static TrainingKind Named(string name) => list.Named(name);
}
