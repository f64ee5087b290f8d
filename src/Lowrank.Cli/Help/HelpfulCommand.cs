using System.CommandLine.Parsing;
using System.Globalization;

namespace Lowrank.Cli;

/// <summary>A command whose help shows examples, and its options under headings.</summary>
abstract class HelpfulCommand(string name, string description) : Command(name, description)
{
    readonly List<(string Title, IReadOnlyList<Option> Options)> groups = [];

    /// <summary>Calls to copy, simplest first.</summary>
    public abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>Options by heading, in the order in which they were added.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> Groups => groups;

    /// <summary>Adds options that are shown under <paramref name="title"/>.</summary>
    protected void AddGroup(string title, params IReadOnlyList<Option> options)
    {
        foreach (var option in options)
        {
            if (option.ValueType == typeof(double) || option.ValueType == typeof(double?)) option.Validators.Add(RefuseNaN);
            if (IsPlace(option.HelpName)) option.Validators.Add(RefuseEmpty);
            Add(option);
        }
        groups.Add((title, options));
    }

    // .NET reads the word as a number, and no range leaves it out.
    static void RefuseNaN(OptionResult result)
    {
        foreach (var token in result.Tokens)
            if (double.TryParse(token.Value, CultureInfo.InvariantCulture, out double number) && double.IsNaN(number))
                result.AddError($"{result.Option.Name}: '{token.Value}' is no number.");
    }

    static bool IsPlace(string? shown) =>
        shown is not null && new[] { "FILE", "FOLDER", "PICTURE" }.Any(word => shown.Contains(word, StringComparison.Ordinal));

    static void RefuseEmpty(OptionResult result)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0)) result.AddError($"{result.Option.Name} is empty. Give a path.");
    }
}
