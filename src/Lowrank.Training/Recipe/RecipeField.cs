using System.Globalization;

namespace Lowrank.Training;

/// <summary>One field of a recipe: a key of the YAML file and an option of the command line.</summary>
/// <param name="Name">Its key, as in <c>learning_rate</c>.</param>
/// <param name="Description">What it means, in one line.</param>
/// <param name="Get">Its value as text; null for one that is not set.</param>
/// <param name="With">The recipe with the field set from text; a list gets one text more.</param>
/// <param name="IsSwitch">Whether it is on or off.</param>
public sealed record RecipeField(
    string Name, string Description, Func<TrainingRecipe, string?> Get, Func<TrainingRecipe, string, TrainingRecipe> With, bool IsSwitch = false)
{
    /// <summary>The texts of a list; null for a field of one value.</summary>
    public Func<TrainingRecipe, IReadOnlyList<string>>? Texts { get; init; }

    /// <summary>The recipe with the list empty.</summary>
    public Func<TrainingRecipe, TrainingRecipe> Emptied { get; init; } = static recipe => recipe;

    /// <summary>What a list's texts are.</summary>
    public RecipeList List { get; init; }

    /// <summary>Whether it holds several texts.</summary>
    public bool IsList => Texts is not null;

    /// <summary>The option of the command line that gives one text of a list, where it is not the field's name.</summary>
    public string? Single { get; init; }

    internal static RecipeField Text(string name, string description, Func<TrainingRecipe, string> get, Func<TrainingRecipe, string, TrainingRecipe> with) => new(name, description, get, with);

    internal static RecipeField Whole(string name, string description, Func<TrainingRecipe, long> get, Func<TrainingRecipe, long, TrainingRecipe> with) =>
        new(name, description, r => get(r).ToString(CultureInfo.InvariantCulture),
            (r, text) => with(r, long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value is <= int.MaxValue and >= int.MinValue
                ? value : throw NotA("whole number", name, text)));

    internal static RecipeField Number(string name, string description, Func<TrainingRecipe, double?> get, Func<TrainingRecipe, double, TrainingRecipe> with) =>
        new(name, description, r => get(r)?.ToString("R", CultureInfo.InvariantCulture),
            (r, text) => with(r, double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw NotA("number", name, text)));

    internal static RecipeField Switch(string name, string description, Func<TrainingRecipe, bool> get, Func<TrainingRecipe, bool, TrainingRecipe> with) =>
        new(name, description, r => get(r) ? "true" : "false", (r, text) => with(r, text switch { "true" => true, "false" => false, _ => throw NotA("true or false", name, text) }), IsSwitch: true);

    internal static RecipeField Several(
        string name, string description, RecipeList list, Func<TrainingRecipe, IReadOnlyList<string>> get, Func<TrainingRecipe, IReadOnlyList<string>, TrainingRecipe> with, string? single = null) =>
        new(name, description, r => get(r).Count == 0 ? null : string.Join("; ", get(r)), (r, text) => with(r, [.. get(r), text])) { Texts = get, Emptied = r => with(r, []), List = list, Single = single };

    internal static RecipeField Numbers(string name, string description, Func<TrainingRecipe, IReadOnlyList<double>> get, Func<TrainingRecipe, IReadOnlyList<double>, TrainingRecipe> with) =>
        Several(name, description, RecipeList.Texts, r => [.. get(r).Select(number => number.ToString("R", CultureInfo.InvariantCulture))],
            (r, texts) => with(r, [.. texts.SelectMany(text => text.Split(',')).Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw NotA("number", name, text))]));

    internal static LowrankException NotA(string what, string name, string text) => new($"{name} is \"{text}\", which is no {what}");
}

/// <summary>What the texts of a list field are.</summary>
public enum RecipeList
{
    /// <summary>Any texts.</summary>
    Texts,

    /// <summary>name=value each; a file may give one mapping in place of the list.</summary>
    Pairs,

    /// <summary>Several name=value each, with spaces between; a file may give a mapping for each.</summary>
    Mappings,
}
