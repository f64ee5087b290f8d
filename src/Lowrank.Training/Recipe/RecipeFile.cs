using System.Text;
using YamlDotNet.Core;

namespace Lowrank.Training;

/// <summary>Recipes as YAML files: one key a field.</summary>
public static class RecipeFile
{
    /// <summary>The recipe of a file; fields that it does not name keep their defaults. It is not checked yet: options may come on top.</summary>
    /// <exception cref="LowrankException">No such file, no YAML, an unknown or doubled key, or a value of the wrong kind; with line and column.</exception>
    public static TrainingRecipe Read(string path)
    {
        if (!File.Exists(path)) throw new LowrankException($"there is no recipe {path}");
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>The recipe of a text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="source">Where it is from, for errors.</param>
    public static TrainingRecipe Parse(string text, string source)
    {
        var recipe = new TrainingRecipe();
        var faults = new List<string>();
        var seen = new Dictionary<string, Mark>();
        foreach (var entry in Entries(text, source))
        {
            if (!seen.TryAdd(entry.Name, entry.NameAt)) faults.Add($"{At(entry.NameAt)}: {entry.Name} stands there twice, first at {At(seen[entry.Name])}");
            try
            {
                var field = RecipeFields.Named(entry.Name);
                recipe = field.Emptied(recipe);
                foreach (var value in Values(field, entry)) recipe = field.With(recipe, value);
            }
            catch (LowrankException error)
            {
                faults.Add($"{At(entry.NameAt)}: {error.Message}");
            }
        }
        return faults.Count == 0 ? recipe : throw new LowrankException($"The recipe {source} cannot be used: {string.Join("; ", faults)}.");
    }

    static IReadOnlyList<YamlEntry> Entries(string text, string source)
    {
        try
        {
            return YamlEntry.Read(text);
        }
        catch (YamlException error)
        {
            throw new LowrankException($"The recipe {source} cannot be used: {At(error.Start)}: {error.Message}.", error);
        }
    }

    static IReadOnlyList<string> Values(RecipeField field, YamlEntry entry)
    {
        if (entry.Texts is not { } texts) return [];
        return (entry.Kind, field.IsList, field.List) switch
        {
            (YamlKind.Text, _, _) or (YamlKind.List, true, _) or (YamlKind.Mapping, true, RecipeList.Pairs) or (YamlKind.ListOfMappings, true, RecipeList.Mappings) => texts,
            (_, false, _) => throw new LowrankException($"{field.Name} takes one value, and {(entry.Kind == YamlKind.Mapping ? "names with values are" : "a list is")} given"),
            _ => throw new LowrankException($"{field.Name} takes a list of {(field.List == RecipeList.Mappings ? "names with values" : "plain values")}"),
        };
    }

    static string At(Mark mark) => $"line {mark.Line}, column {mark.Column}";

    /// <summary>The whole recipe as YAML, each field with its meaning.</summary>
    public static string Format(TrainingRecipe recipe)
    {
        var text = new StringBuilder();
        foreach (var field in RecipeFields.All)
        {
            if (field.Texts?.Invoke(recipe) is { } texts)
            {
                text.Append(field.Name).Append(':').Append(texts.Count == 0 ? " []" : "").Append("  # ").AppendLine(field.Description);
                foreach (var item in texts) text.Append("  - ").AppendLine(Quoted(item));
            }
            else text.Append(field.Name).Append(": ").Append(field.Get(recipe) is { } value ? Quoted(value) : "null").Append("  # ").AppendLine(field.Description);
        }
        return text.ToString();
    }

    // Plain where YAML reads a plain scalar back as the same text; double-quoted else.
    static string Quoted(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' or '-' or '+') && value is not ("null" or "~") && value[0] is not '-' ? value
            : value is ['-', .. var rest] && double.TryParse(rest, System.Globalization.CultureInfo.InvariantCulture, out _) ? value
            : "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";
}
