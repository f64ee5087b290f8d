namespace Lowrank.Training;

/// <summary>What a job takes of all that it was given, and what it does not; made before its work begins.</summary>
public sealed class Account
{
    readonly List<AccountLine> lines = [];

    /// <summary>Its lines, in the order in which they were found.</summary>
    public IReadOnlyList<AccountLine> Lines => lines;

    /// <summary>The lines of what is not used.</summary>
    public IEnumerable<AccountLine> NotUsed => lines.Where(line => line.NotUsed);

    /// <summary>Adds what is taken.</summary>
    public void Takes(string name, string text) => lines.Add(new(name, text, false));

    /// <summary>Adds what is not used as it stands.</summary>
    public void Leaves(string name, string text) => lines.Add(new(name, text, true));

    /// <summary>Adds lines that somebody else found.</summary>
    public void Add(IEnumerable<AccountLine> more) => lines.AddRange(more);

    /// <summary>Adds what another account tells of a file, under the file's name.</summary>
    internal void AddOf(string file, Account told)
    {
        foreach (var line in told.Lines)
            lines.Add(line.Text.Contains(file, StringComparison.Ordinal) ? line : line with { Text = $"{file}: {line.Text}" });
    }

    /// <summary>Throws where something given is not used.</summary>
    /// <exception cref="LowrankException">Lists all of it.</exception>
    public void Insist()
    {
        string[] unused = [.. NotUsed.Select(line => $"{line.Text} [{line.Name}]")];
        if (unused.Length > 0)
            throw new LowrankException($"Not all that was given would be used, and strict is on: {string.Join("; ", unused)}.");
    }
}
