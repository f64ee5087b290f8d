using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Lines of a name and a value, the values in one column.</summary>
sealed class FactList
{
    readonly List<(string Name, string Value)> facts = [];

    /// <summary>Adds a line; null leaves it out.</summary>
    public void Add(string name, string? value)
    {
        if (value is not null) facts.Add((ShownText.Of(name), ShownText.Of(value)));
    }

    /// <summary>Writes the lines.</summary>
    public void Write(IAnsiConsole console)
    {
        int width = facts.Count == 0 ? 0 : facts.Max(fact => fact.Name.Length);
        foreach (var (name, value) in facts)
        {
            console.Write(new Text(name.PadRight(width + 2), new Style(Color.Grey)));
            console.WriteLine(value);
        }
    }
}
