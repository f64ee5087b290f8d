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
        foreach (var option in options) Add(option);
        groups.Add((title, options));
    }
}
