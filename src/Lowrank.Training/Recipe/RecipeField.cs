namespace Lowrank.Training;

/// <summary>One field of a recipe, declared once: a key of the YAML file, an option of the command line, a key of the metadata.</summary>
/// <param name="Name">Its key, as in <c>learning_rate</c>.</param>
/// <param name="Help">What it means, in one line.</param>
public abstract record RecipeField(string Name, string Help)
{
    /// <summary>What other programs call it; files and command lines may say these too.</summary>
    public IReadOnlyList<string> AlsoCalled { get; init; } = [];

    /// <summary>Every name that files and command lines may say: its own, that of one text of a list, those of other programs.</summary>
    public IEnumerable<string> Names => AlsoCalled.Prepend(Single).Prepend(Name).OfType<string>();

    /// <summary>Its letter on the command line; null for none.</summary>
    public char? Letter { get; init; }

    /// <summary>What one text of a list is called, as in <c>target</c> of <c>targets</c>: the option of the command line.</summary>
    public string? Single { get; init; }

    /// <summary>Whether it is on or off.</summary>
    public bool IsSwitch { get; init; }

    /// <summary>What a list's texts are; null for a field of one value.</summary>
    public RecipeList? List { get; init; }

    /// <summary>Whether it holds several texts.</summary>
    public bool IsList => List is not null;

    /// <summary>The words that it takes, where it takes no others. Asked for when they are needed, not when the program starts.</summary>
    public Func<IReadOnlyList<string>>? Words { get; init; }

    /// <summary>Refuses a text that is typed as an option, where that need not wait for the whole recipe; null where it does.</summary>
    public Action<string>? CheckTyped { get; init; }

    /// <summary>The range of its values as a text; null for any.</summary>
    public string? Range { get; init; }

    /// <summary>Whether a run that goes on may have another value than it began with: it does not touch what a step computes.</summary>
    public bool MayChange { get; init; }

    /// <summary>
    /// Why its value acts on nothing beside what else the recipe says ("loss is l2"); null where it acts. Asked only of a value that is
    /// not the default. Null for a field that always acts.
    /// </summary>
    public Func<TrainingRecipe, string?>? Idle { get; init; }

    /// <summary>
    /// Its value as a run that goes on compares it, where two texts can mean one thing ("auto" and the device that it is); null where the
    /// text is the meaning.
    /// </summary>
    public Func<TrainingRecipe, string?>? Meaning { get; init; }

    /// <summary>What its value means in a recipe.</summary>
    public string? MeaningIn(TrainingRecipe recipe) => Meaning is { } meaning ? meaning(recipe) : Get(recipe);

    /// <summary>The <c>ss_</c> key of a file's metadata that tells it; null where none does.</summary>
    public string? MetadataKey { get; init; }

    /// <summary>What that key tells, where it is not the value as it stands.</summary>
    public Func<TrainingRecipe, object?>? MetadataValue { get; init; }

    /// <summary>What the metadata tell of it: null, a number, a switch or a text.</summary>
    public object? MetadataOf(TrainingRecipe recipe) => MetadataValue is { } value ? value(recipe) : ValueOf(recipe);

    /// <summary>Its value as text; null for one that is not set.</summary>
    public abstract string? Get(TrainingRecipe recipe);

    /// <summary>The recipe with it set from text; a list gets one text more.</summary>
    /// <exception cref="LowrankException">A text of another kind.</exception>
    public abstract TrainingRecipe With(TrainingRecipe recipe, string text);

    /// <summary>The texts of a list; none for a field of one value.</summary>
    public abstract IReadOnlyList<string> TextsOf(TrainingRecipe recipe);

    /// <summary>The recipe with a list empty; a field of one value stays.</summary>
    public abstract TrainingRecipe Emptied(TrainingRecipe recipe);

    /// <summary>What is wrong with its value, a sentence each.</summary>
    public abstract IEnumerable<string> Faults(TrainingRecipe recipe);

    /// <summary>Its value as it is kept.</summary>
    protected abstract object? ValueOf(TrainingRecipe recipe);

    internal static LowrankException NotA(string what, string name, string text) => new(PlainValue.Misread(name, text, what));
}
