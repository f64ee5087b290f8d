using System.CommandLine.Completions;
using Lowrank.Adapters;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>A command-line option for each field of a recipe, made from <see cref="RecipeFields"/>.</summary>
sealed class RecipeOptions
{
    // The field with which each heading of the help begins.
    static readonly (string First, string Title)[] headings =
    [
        ("base_model", "What"),
        ("method", "The adapter"),
        ("learning_rate", "How it learns"),
        ("steps", "How long, on what size"),
        ("precision", "How it computes"),
        ("save_every", "What it saves on the way"),
    ];

    // Names that other commands and tools use.
    static readonly Dictionary<string, string[]> aliases = new()
    {
        ["base_model"] = ["--model", "-m"],
        ["base_model_config"] = ["--model-config"],
        ["pictures"] = ["-p"],
        ["output"] = ["-o"],
        ["seed"] = ["-s"],
    };

    // Asked for when words are completed, not when the program starts.
    static readonly Dictionary<string, Func<string[]>> values = new()
    {
        ["schedule"] = () => ["constant", "linear", "cosine", "cosine_with_restarts", "polynomial"],
        ["precision"] = () => ["auto", "bf16", "f32"],
        ["save_dtype"] = () => ["f32", "f16", "bf16"],
        ["method"] = () => [.. MethodNames.All.Select(m => m.Name)],
        ["preset"] = () => [.. TargetPresets.All.Select(p => p.Name)],
        ["loraplus_style"] = () => ["kohya", "peft"],
        ["dora"] = () => ["none", "output", "input"],
        ["prediction"] = () => ["auto", "epsilon", "v_prediction"],
    };

    readonly List<(RecipeField Field, Option Option)> options = [.. RecipeFields.All.Select(field => (field, OptionOf(field)))];

    /// <summary>The options under the headings of the help.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> Grouped()
    {
        var groups = new List<(string Title, List<Option> Options)>();
        foreach (var (field, option) in options)
        {
            if (headings.FirstOrDefault(h => h.First == field.Name).Title is { } title) groups.Add((title, []));
            groups[^1].Options.Add(option);
        }
        return [.. groups.Select(group => (group.Title, (IReadOnlyList<Option>)group.Options))];
    }

    /// <summary>The recipe with every option that was given set over it.</summary>
    /// <exception cref="UsageException">An option's value is of the wrong kind.</exception>
    public TrainingRecipe Over(TrainingRecipe recipe, ParseResult result)
    {
        foreach (var (field, option) in options)
        {
            if (result.GetResult(option) is not { Implicit: false }) continue;
            // A list on the command line takes the place of the recipe's.
            recipe = field.Emptied(recipe);
            try
            {
                foreach (var text in TextsOf(field, option, result)) recipe = field.With(recipe, text);
            }
            catch (LowrankException fault)
            {
                throw new UsageException($"{option.Name}: {fault.Message}.");
            }
        }
        return recipe;
    }

    static string[] TextsOf(RecipeField field, Option option, ParseResult result)
    {
        if (field.IsSwitch) return [result.GetValue((Option<bool>)option) ? "true" : "false"];
        return field.IsList ? result.GetValue((Option<string[]>)option)! : [result.GetValue((Option<string>)option)!];
    }

    static Option OptionOf(RecipeField field)
    {
        var name = "--" + (field.Single ?? field.Name.Replace('_', '-'));
        var names = aliases.GetValueOrDefault(field.Name, []);
        var standard = field.Get(new TrainingRecipe());
        if (field.IsSwitch) return new Option<bool>(name, names) { Description = field.Description + (standard == "true" ? $" [on; {name} false turns it off]" : "") };
        if (field.IsList) return new Option<string[]>(name, names) { HelpName = "TEXT", Description = $"{field.Description}; may be given several times" };
        var option = new Option<string>(name, names) { HelpName = "VALUE", Description = field.Description + (string.IsNullOrEmpty(standard) ? "" : $" [{standard}]") };
        if (values.TryGetValue(field.Name, out var words)) option.CompletionSources.Add(_ => words().Select(word => new CompletionItem(word)));
        return option;
    }
}
