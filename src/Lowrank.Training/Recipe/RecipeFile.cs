using System.Text;
using YamlDotNet.Core;

namespace Lowrank.Training;

/// <summary>Recipes as YAML: one key a field.</summary>
public static class RecipeFile
{
    /// <summary>
    /// The recipe of a text; fields that it does not name keep their defaults. It is not checked yet: options may come on top.
    /// </summary>
    /// <param name="text">YAML.</param>
    /// <param name="source">Where it is from, for errors.</param>
    /// <param name="formOf">Which fields there are, by the task that the text names; null where it names none.</param>
    /// <exception cref="LowrankException">No YAML, an unknown task, an unknown or doubled key, or a value of the wrong kind; with line
    /// and column.</exception>
    public static TrainingRecipe Parse(string text, string source, Func<string?, RecipeForm> formOf)
    {
        var entries = Entries(text, source);
        var form = FormOf(entries, source, formOf);
        var recipe = new TrainingRecipe(form);
        var faults = new List<string>();
        var seen = new Dictionary<string, YamlEntry>();
        foreach (var entry in entries)
        {
            try
            {
                var field = form.Named(entry.Name);
                if (!seen.TryAdd(field.Name, entry)) faults.Add($"{At(entry.NameAt)}: {Doubled(seen[field.Name], entry)}");
                recipe = field.Emptied(recipe);
                foreach (var value in Values(field, entry)) recipe = field.With(recipe, value);
            }
            catch (LowrankException error)
            {
                faults.Add($"{At(entry.NameAt)}: {error.Message}");
            }
        }
        return faults.Count == 0 ? recipe : throw Unusable(source, string.Join("; ", faults));
    }

    // Without a form no other entry can be understood: a task that nobody trains is told alone.
    static RecipeForm FormOf(IReadOnlyList<YamlEntry> entries, string source, Func<string?, RecipeForm> formOf)
    {
        var named = entries.FirstOrDefault(entry => entry.Name == TaskField.Key);
        // A list or a mapping is a fault that the task's field tells.
        if (named is not { Kind: YamlKind.Text, Texts: [var task] }) return formOf(null);
        try
        {
            return formOf(task);
        }
        catch (LowrankException error)
        {
            throw Unusable(source, $"{At(named.NameAt)}: {error.Message}", error);
        }
    }

    static string Doubled(YamlEntry first, YamlEntry second) => first.Name == second.Name
        ? $"{second.Name} stands there twice, first at {At(first.NameAt)}"
        : $"{first.Name} ({At(first.NameAt)}) and {second.Name} are one and the same; give one of them";

    static LowrankException Unusable(string source, string faults, Exception? inner = null) =>
        new($"The recipe {source} cannot be used: {faults}.", inner);

    static IReadOnlyList<YamlEntry> Entries(string text, string source)
    {
        try
        {
            return YamlEntry.Read(text);
        }
        catch (YamlException error)
        {
            throw Unusable(source, $"{At(error.Start)}: {error.Message}", error);
        }
    }

    static IReadOnlyList<string> Values(RecipeField field, YamlEntry entry)
    {
        if (entry.Texts is not { } texts) return [];
        bool fits = entry.Kind switch
        {
            YamlKind.Text => true,
            YamlKind.List => field.IsList,
            YamlKind.Mapping => field.List == RecipeList.Pairs,
            _ => field.List == RecipeList.Mappings,
        };
        return fits ? texts : throw new LowrankException(Wanted(field, entry.Kind));
    }

    static string Wanted(RecipeField field, YamlKind given)
    {
        if (field.IsList) return $"{field.Name} takes a list of {Items(field)}";
        string what = given == YamlKind.Mapping ? "names with values are" : "a list is";
        return $"{field.Name} takes one value, and {what} given";
    }

    static string Items(RecipeField field) => field.List == RecipeList.Mappings ? "names with values" : "plain values";

    static string At(Mark mark) => $"line {mark.Line}, column {mark.Column}";

    /// <summary>The whole recipe as YAML, each field with its meaning.</summary>
    public static string Format(TrainingRecipe recipe)
    {
        var text = new StringBuilder();
        foreach (var field in recipe.Form.Fields)
            if (field.IsList) AppendList(text, field, field.TextsOf(recipe));
            else text.Append(field.Name).Append(": ").Append(Scalar(field.Get(recipe))).Append("  # ").AppendLine(field.Help);
        return text.ToString();
    }

    static void AppendList(StringBuilder text, RecipeField field, IReadOnlyList<string> items)
    {
        text.Append(field.Name).Append(':').Append(items.Count == 0 ? " []" : "").Append("  # ").AppendLine(field.Help);
        foreach (var item in items) text.Append("  - ").AppendLine(Scalar(item));
    }

    // Plain where YAML reads a plain scalar back as the same text; double-quoted else.
    static string Scalar(string? value)
    {
        if (value is null) return "null";
        if (IsPlain(value) || IsNegativeNumber(value)) return value;
        return "\"" + string.Concat(value.Select(Escaped)) + "\"";
    }

    static string Escaped(char letter) => letter switch
    {
        '\\' => "\\\\",
        '"' => "\\\"",
        '\n' => "\\n",
        // YAML breaks lines at some of these, folds others, and takes none of them as it stands.
        _ when char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\uFEFF' => $"\\u{(int)letter:x4}",
        _ => letter.ToString(),
    };

    static bool IsPlain(string value) => value is not ("" or "null" or "~" or ['-', ..]) && value.All(IsPlain);

    static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '/' or '-' or '+';

    static bool IsNegativeNumber(string value) =>
        value is ['-', .. var rest] && double.TryParse(rest, System.Globalization.CultureInfo.InvariantCulture, out _);
}
