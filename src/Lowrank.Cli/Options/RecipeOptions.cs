using System.CommandLine.Completions;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>A command-line option for each field of a recipe, made from the fields of every kind of training.</summary>
sealed class RecipeOptions
{
    // Names that other commands use.
    static readonly Dictionary<string, string> ownNames = new() { ["base_model"] = "--model", ["base_model_config"] = "--model-config" };

    readonly List<Row> rows = RowsOf(Recipes.Empty());

    /// <summary>The options under the headings of the help.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> Grouped() =>
    [
        .. rows.GroupBy(row => row.Title).Select(group => (group.Key, (IReadOnlyList<Option>)[.. group.SelectMany(row => row.Options)])),
    ];

    /// <summary>The kind of training that has all options that were given; null where none has.</summary>
    public string? TaskOf(ParseResult result)
    {
        var given = rows.Where(row => row.Options.Any(option => IsGiven(option, result))).ToList();
        if (given.FirstOrDefault(row => row.Field is TaskField) is { } task)
            return result.GetValue((Option<string>)task.Options.First(option => IsGiven(option, result)));
        return TrainingKinds.All.FirstOrDefault(kind => given.All(row => FieldIn(kind.Form, row.Field) is not null))?.Name;
    }

    static bool IsGiven(Option option, ParseResult result) => result.GetResult(option) is { Implicit: false };

    // Two kinds of training may have fields of one name, each its own.
    static RecipeField? FieldIn(RecipeForm form, RecipeField field) => form.Fields.FirstOrDefault(own => own.Name == field.Name);

    /// <summary>The recipe with every option that was given set over it.</summary>
    /// <exception cref="UsageException">An option's value is of the wrong kind, or a field is given under two names.</exception>
    public TrainingRecipe Over(TrainingRecipe recipe, ParseResult result)
    {
        foreach (var (_, field, options) in rows)
        {
            var given = options.Where(option => IsGiven(option, result)).ToList();
            if (given.Count == 0) continue;
            if (given.Count > 1) throw new UsageException($"{given[0].Name} and {given[1].Name} are one and the same; give one of them.");
            var own = FieldIn(recipe.Form, field)
                ?? throw new UsageException($"{given[0].Name} has no meaning in training of the kind {recipe.Form.Task}. Leave it out.");
            recipe = Over(recipe, own, given[0], result);
        }
        return recipe;
    }

    static TrainingRecipe Over(TrainingRecipe recipe, RecipeField field, Option option, ParseResult result)
    {
        // A list on the command line takes the place of the recipe's.
        recipe = field.Emptied(recipe);
        try
        {
            foreach (var text in TextsOf(field, option, result))
            {
                field.CheckTyped?.Invoke(text);
                recipe = field.With(recipe, text);
            }
        }
        catch (LowrankException fault)
        {
            throw new UsageException($"{option.Name}: {fault.Message.TrimEnd('.')}.");
        }
        return recipe;
    }

    static string[] TextsOf(RecipeField field, Option option, ParseResult result)
    {
        if (field.IsSwitch) return [result.GetValue((Option<bool>)option) ? "true" : "false"];
        return field.IsList ? result.GetValue((Option<string[]>)option)! : [result.GetValue((Option<string>)option)!];
    }

    static List<Row> RowsOf(TrainingRecipe standard) =>
        [.. Recipes.Chapters.SelectMany(chapter => chapter.Fields.Select(field => RowOf(chapter.Title, field, standard)))];

    // The field's own option, and one that the help passes over: for the name as files have it, and for the names of other programs.
    static Row RowOf(string title, RecipeField field, TrainingRecipe standard)
    {
        List<string> names = ["--" + Spelled(field.Single ?? field.Name)];
        if (ownNames.TryGetValue(field.Name, out var name)) names.Add(name);
        if (field.Letter is { } letter) names.Add($"-{letter}");
        var own = OptionOf(field, names);
        own.Description = DescriptionOf(field, own.Name, field.Get(standard));
        var others = field.Names.SelectMany(Spellings).Except(names).ToList();
        if (others.Count == 0) return new(title, field, [own]);
        var other = OptionOf(field, others);
        other.Hidden = true;
        // As kohya's scripts take them: --network_args a=1 b=2.
        other.AllowMultipleArgumentsPerToken = field.List == RecipeList.Pairs;
        return new(title, field, [own, other]);
    }

    static string Spelled(string name) => name.Replace('_', '-');

    static IEnumerable<string> Spellings(string name) => ["--" + Spelled(name), "--" + name];

    static Option OptionOf(RecipeField field, List<string> names)
    {
        var (name, aliases) = (names[0], names.Skip(1).ToArray());
        if (field.IsSwitch) return new Option<bool>(name, aliases);
        if (field.IsList) return new Option<string[]>(name, aliases) { HelpName = "TEXT" };
        var option = new Option<string>(name, aliases) { HelpName = "VALUE" };
        // Asked for when words are completed, not when the program starts.
        if (field.Words is { } words) option.CompletionSources.Add(_ => words().Select(word => new CompletionItem(word)));
        return option;
    }

    static string DescriptionOf(RecipeField field, string name, string? standard)
    {
        if (field.IsSwitch) return standard == "true" ? $"{field.Help} [on; {name} false turns it off]" : field.Help;
        if (field.IsList) return $"{field.Help}; may be given several times";
        return field.Help + RangeOf(field) + (string.IsNullOrEmpty(standard) ? "" : $" [{standard}]");
    }

    // Not what anybody expects of a number, nor what the help says already.
    static string RangeOf(RecipeField field)
    {
        var parts = (field.Range ?? "").Split("; ", StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(parts.Where(IsNews).Select(part => "; " + part));

        bool IsNews(string part)
        {
            bool isExpected = part == NumberRange.Finite.Text || part.EndsWith("or more", StringComparison.Ordinal);
            bool isTold = field.Help.Contains(part.Replace(" are usual", "", StringComparison.Ordinal), StringComparison.Ordinal);
            return !isExpected && !isTold;
        }
    }

    // A field with the options that give it.
    sealed record Row(string Title, RecipeField Field, IReadOnlyList<Option> Options);
}
