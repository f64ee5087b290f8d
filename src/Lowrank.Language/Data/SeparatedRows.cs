using nietras.SeparatedValues;

namespace Lowrank.Language;

/// <summary>Tables of text, their columns parted by commas, semicolons or tabs, with names in the first line and quotes as RFC 4180 has
/// them.</summary>
public static class SeparatedRows
{
    /// <summary>The rows, each an object of texts; an empty field is null.</summary>
    /// <param name="path">The file.</param>
    /// <param name="separator">What parts columns; null finds it in the first line.</param>
    /// <exception cref="LowrankException">The file is missing, no text, has no row, or a row of more or fewer fields; it names the
    /// line.</exception>
    public static List<DataRow> Read(string path, char? separator = null)
    {
        string text = TextFile.Read(path);
        if (string.IsNullOrWhiteSpace(text)) throw new LowrankException(JsonRows.NoRows(path));
        char between = separator ?? Found(text);
        var rows = new List<DataRow>();
        try
        {
            using var reader = Sep.New(between).Reader(options => options with { Unescape = true }).FromText(text);
            string[] names = [.. reader.Header.ColNames];
            foreach (var row in reader)
            {
                var fields = new Dictionary<string, object?>();
                for (int at = 0; at < names.Length; at++) fields[names[at]] = row[at].ToString() is { Length: > 0 } field ? field : null;
                rows.Add(new(path, rows.Count + 1, row.LineNumberFrom, PlainJson.Element(fields)));
            }
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException)
        {
            string line = error.Message.Split('\n')[0].Trim();
            throw new LowrankException($"{path}, after row {rows.Count}, is no table of one width: {line} " +
                $"Is a \"{between}\" or a line end in a text that has no quotes around it?", error);
        }
        return rows.Count > 0 ? rows : throw new LowrankException(JsonRows.NoRows(path));
    }

    static char Found(string text)
    {
        var line = text.AsSpan();
        int end = line.IndexOf('\n');
        var first = end < 0 ? line : line[..end];
        if (first.Contains('\t')) return '\t';
        return first.Count(';') > first.Count(',') ? ';' : ',';
    }
}
