using System.Globalization;

namespace Lowrank.Training;

/// <summary>One field of a recipe: a key of the YAML file and an option of the command line.</summary>
/// <param name="Name">Its key, as in <c>learning_rate</c>.</param>
/// <param name="Description">What it means, in one line.</param>
/// <param name="Get">Its value as text; null for one that is not set.</param>
/// <param name="With">The recipe with the field set from text.</param>
/// <param name="IsList">Whether it holds several texts, one a call of <see cref="With"/>.</param>
/// <param name="IsSwitch">Whether it is on or off.</param>
public sealed record RecipeField(
    string Name, string Description, Func<TrainingRecipe, string?> Get, Func<TrainingRecipe, string, TrainingRecipe> With, bool IsList = false, bool IsSwitch = false)
{
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

    internal static LowrankException NotA(string what, string name, string text) => new($"{name} is \"{text}\", which is no {what}");
}
