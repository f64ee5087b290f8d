namespace Lowrank.Language;

/// <summary>Tab-separated files as GLUE has them: no quoting, so that a quote is a quote; with a line of names at the top or
/// without.</summary>
public sealed class TabFile
{
    TabFile(string path, IReadOnlyList<string>? names, List<TabRow> rows) => (Path, Names, Rows) = (path, names, rows);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The columns' names; null where the file has none.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>The rows.</summary>
    public IReadOnlyList<TabRow> Rows { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hasNames">Whether its first line names the columns.</param>
    /// <exception cref="LowrankException">It is missing or no text, has no row, or a row with more or fewer fields than the first
    /// line.</exception>
    public static TabFile Read(string path, bool hasNames) => Of(path, TextFile.Read(path), hasNames);

    internal static TabFile Of(string path, string text, bool hasNames)
    {
        var file = UnevenOf(path, text, hasNames);
        int columns = (file.Names ?? file.Rows[0].Fields).Count;
        foreach (var line in file.Rows)
            if (line.Fields.Count != columns)
                throw new LowrankException($"{path}, line {line.Line}: {line.Fields.Count} fields, and the first line has {columns}. " +
                    "Is a tab or a line end in a text?");
        return file;
    }

    /// <summary>Reads a file whose rows may have more or fewer fields than its first line.</summary>
    /// <inheritdoc cref="Read"/>
    internal static TabFile ReadUneven(string path, bool hasNames) => UnevenOf(path, TextFile.Read(path), hasNames);

    static TabFile UnevenOf(string path, string text, bool hasNames)
    {
        var lines = TextFile.Lines(text).Select(line => new TabRow(path, line.Number, line.Text.Split('\t'))).ToList();
        if (lines.Count == 0) throw new LowrankException($"{path} has no rows. Is the file empty, or was its download cut?");
        return hasNames ? new(path, lines[0].Fields, lines[1..]) : new(path, null, lines);
    }

    /// <summary>The place of a column by its name.</summary>
    /// <exception cref="LowrankException">There is none of that name.</exception>
    public int Column(string name)
    {
        for (int at = 0; at < Names?.Count; at++)
            if (Names[at] == name) return at;
        string known = Names is null ? "its columns have no names" : $"it has {string.Join(", ", Names)}";
        throw new LowrankException($"{Path} has no column \"{name}\": {known}. Is it a file of another task?");
    }
}
