namespace Lowrank.Training;

/// <summary>Which fields a kind of training has, in the order in which files and help tell them.</summary>
public sealed class RecipeForm
{
    readonly Dictionary<string, RecipeField> names = [];

    /// <summary>A form of some chapters.</summary>
    /// <param name="task">What is learnt by such recipes.</param>
    /// <param name="chapters">The fields; the task stands before them.</param>
    /// <exception cref="LowrankException">Two fields claim one name.</exception>
    public RecipeForm(string task, params IReadOnlyList<RecipeChapter> chapters)
    {
        Task = task;
        Chapters = [chapters[0] with { Fields = [new TaskField(task), .. chapters[0].Fields] }, .. chapters.Skip(1)];
        Fields = [.. Chapters.SelectMany(chapter => chapter.Fields)];
        foreach (var field in Fields)
            foreach (var name in field.Names)
                Claim(name, field);
    }

    void Claim(string name, RecipeField field)
    {
        if (!names.TryAdd(name, field))
            throw new LowrankException($"\"{name}\" is claimed by the fields {names[name].Name} and {field.Name} of a recipe");
    }

    /// <summary>What is learnt by such recipes.</summary>
    public string Task { get; }

    /// <summary>The chapters.</summary>
    public IReadOnlyList<RecipeChapter> Chapters { get; }

    /// <summary>Every field.</summary>
    public IReadOnlyList<RecipeField> Fields { get; }

    /// <summary>The field of that name, or of that name in other programs.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public RecipeField Named(string name) => names.TryGetValue(name, out var field) ? field : throw new LowrankException(
        $"\"{name}\" is no field of a recipe (nearest: {string.Join(", ", NearestNames.To(name, Fields.Select(one => one.Name)))})");
}
