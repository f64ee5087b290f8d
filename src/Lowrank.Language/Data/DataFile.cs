namespace Lowrank.Language;

/// <summary>A data file by what it holds, whatever it is called: objects of JSON, columns between tabs, or lines of text.</summary>
public sealed class DataFile
{
    const char Tab = '\t';

    DataFile(string path, string text)
    {
        Path = path;
        if (LooksLikeJson(text)) Rows = JsonRows.Of(path, text);
        else
        {
            Lines = [.. TextFile.Lines(text)];
            if (Lines.All(line => line.Text.Contains(Tab))) Columns = FieldsOf(Lines[0].Text).Length;
        }
        Text = text;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>All of it.</summary>
    public string Text { get; }

    /// <summary>The objects of a file of JSON, one at least; null for another.</summary>
    public IReadOnlyList<DataRow>? Rows { get; }

    /// <summary>The lines that are not blank, with their numbers from 1; of a file of JSON none.</summary>
    public IReadOnlyList<(int Number, string Text)> Lines { get; } = [];

    /// <summary>Fields of the first line, where all lines have tabs between theirs; else 0.</summary>
    public int Columns { get; }

    /// <summary>The fields of one of the lines.</summary>
    /// <param name="line">Its place among <see cref="Lines"/>.</param>
    public IReadOnlyList<string> Fields(int line) => FieldsOf(Lines[line].Text);

    /// <summary>Whether it is of JSON and its first object has all of some fields.</summary>
    public bool HasFields(params ReadOnlySpan<string> names)
    {
        if (Rows is null) return false;
        foreach (string name in names)
            if (!Rows[0].Has(name)) return false;
        return true;
    }

    /// <summary>What it holds, as errors say it.</summary>
    public string Told
    {
        get
        {
            if (Rows is not null) return $"objects with {string.Join(", ", Rows[0].Json.EnumerateObject().Select(one => one.Name))}";
            return Columns > 0 ? $"{Columns} columns, {string.Join(", ", Fields(0))} in its first line" : "lines of text";
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="LowrankException">It is missing, no text, has no row, or begins as JSON and is none.</exception>
    public static DataFile Read(string path)
    {
        string text = TextFile.Read(path);
        if (string.IsNullOrWhiteSpace(text)) throw new LowrankException(JsonRows.NoRows(path));
        return new(path, text);
    }

    // A text may begin with a bracket too: "[1] As is known ...".
    static bool LooksLikeJson(string text)
    {
        var start = text.AsSpan().TrimStart();
        if (start.StartsWith("{")) return true;
        return start.StartsWith("[") && (start[1..].TrimStart() is var next) && (next.StartsWith("{") || next.StartsWith("]"));
    }

    static string[] FieldsOf(string line) => line.Split(Tab);
}
