using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

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
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw new LowrankException($"{source}, line {error.Start.Line}, column {error.Start.Column}: {(error.InnerException ?? error).Message}", error);
        }
        var recipe = new TrainingRecipe();
        if (yaml.Documents.Count == 0) return recipe;
        if (yaml.Documents[0].RootNode is not YamlMappingNode fields) throw new LowrankException($"{source} is no list of \"field: value\" lines");
        foreach (var (key, value) in fields.Children)
        {
            try
            {
                var field = RecipeFields.Named(key.ToString());
                foreach (var entry in Values(field, value)) recipe = field.With(recipe, entry);
            }
            catch (LowrankException error)
            {
                throw new LowrankException($"{source}, line {key.Start.Line}, column {key.Start.Column}: {error.Message}", error);
            }
        }
        return recipe;
    }

    static IEnumerable<string> Values(RecipeField field, YamlNode value) => value switch
    {
        YamlScalarNode { Value: null or "" or "null" or "~" } when !field.IsList => [],
        YamlScalarNode scalar => [scalar.Value!],
        YamlSequenceNode list when field.IsList => list.Children.Select(c => c.ToString()),
        _ => throw new LowrankException($"{field.Name} takes {(field.IsList ? "a list of texts" : "one value")}"),
    };

    /// <summary>The whole recipe as YAML, each field with its meaning.</summary>
    public static string Format(TrainingRecipe recipe)
    {
        var text = new StringBuilder();
        foreach (var field in RecipeFields.All)
        {
            if (field.IsList)
            {
                text.Append(field.Name).Append(':').Append(recipe.SamplePrompts.Count == 0 ? " []" : "").Append("  # ").AppendLine(field.Description);
                foreach (var prompt in recipe.SamplePrompts) text.Append("  - ").AppendLine(Quoted(prompt));
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
