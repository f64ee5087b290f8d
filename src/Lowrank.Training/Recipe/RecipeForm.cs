namespace Lowrank.Training;

/// <summary>Which fields a kind of training has, in the order in which files and help tell them.</summary>
public sealed class RecipeForm
{
    readonly Lazy<Content> content;

    /// <summary>A form of some chapters.</summary>
    /// <param name="task">What is learnt by such recipes.</param>
    /// <param name="chapters">
    /// Gives the fields; the task stands before them. Asked at the first look at a field and not before: fields tell what lists of
    /// optimizers, schedules and presets hold, and those take additions until they are used.
    /// </param>
    public RecipeForm(string task, Func<IReadOnlyList<RecipeChapter>> chapters)
    {
        Task = task;
        content = new(() => ContentOf(task, chapters()));
    }

    static Content ContentOf(string task, IReadOnlyList<RecipeChapter> given)
    {
        RecipeChapter[] chapters = [given[0] with { Fields = [new TaskField(task), .. given[0].Fields] }, .. given.Skip(1)];
        RecipeField[] fields = [.. chapters.SelectMany(chapter => chapter.Fields)];
        var names = new Dictionary<string, RecipeField>();
        foreach (var field in fields)
            foreach (var name in field.Names)
                if (!names.TryAdd(name, field)) throw Claimed(name, names[name], field);
        return new(chapters, fields, names);
    }

    static LowrankException Claimed(string name, RecipeField first, RecipeField second) =>
        new($"\"{name}\" is claimed by the fields {first.Name} and {second.Name} of a recipe");

    /// <summary>What is learnt by such recipes.</summary>
    public string Task { get; }

    /// <summary>Sections whose defaults are others here than elsewhere.</summary>
    public IReadOnlyList<object> Standards { get; init; } = [];

    /// <summary>The chapters.</summary>
    /// <exception cref="LowrankException">Two fields claim one name.</exception>
    public IReadOnlyList<RecipeChapter> Chapters => content.Value.Chapters;

    /// <summary>Every field.</summary>
    /// <exception cref="LowrankException">Two fields claim one name.</exception>
    public IReadOnlyList<RecipeField> Fields => content.Value.Fields;

    /// <summary>The field of that name, or of that name in other programs.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public RecipeField Named(string name) => content.Value.Names.TryGetValue(name, out var field) ? field : throw new LowrankException(
        $"\"{name}\" is no field of a recipe ({NearestNames.Told(name, Fields.Select(one => one.Name))})");

    sealed record Content(
        IReadOnlyList<RecipeChapter> Chapters, IReadOnlyList<RecipeField> Fields, IReadOnlyDictionary<string, RecipeField> Names);
}
