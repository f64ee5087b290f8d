using System.Text.Json;

namespace Lowrank.Language;

/// <summary>
/// Data files of JSON: an object a line, or one array of objects. Which of both is seen from the text, not from the file's name; a byte
/// order mark, \r\n, blank lines and UTF-16 with its mark make no difference.
/// </summary>
public static class JsonRows
{
    static readonly JsonDocumentOptions options = new() { MaxDepth = 128 };

    /// <summary>The rows of a file, in its order: all of them, or an error.</summary>
    /// <exception cref="LowrankException">The file is missing or no text, holds something else, or has no row; it names the
    /// row.</exception>
    public static List<DataRow> Read(string path) => Of(path, TextFile.Read(path));

    internal static List<DataRow> Of(string path, string text)
    {
        var rows = text.AsSpan().TrimStart().StartsWith("[") ? OfArray(path, text) : OfLines(path, text);
        if (rows.Count == 0) throw new LowrankException(NoRows(path));
        return rows;
    }

    internal static string NoRows(string path) => $"{path} has no rows. Is the file empty, or was its download cut?";

    static List<DataRow> OfArray(string path, string text)
    {
        var array = Parsed(text, error => $"{path} begins as an array of JSON and is none: {JsonFault.Of(error)}");
        var rows = new List<DataRow>();
        foreach (var one in array.EnumerateArray()) rows.Add(new(path, rows.Count + 1, null, Object(one, $"{path}, row {rows.Count + 1}")));
        return rows;
    }

    static List<DataRow> OfLines(string path, string text)
    {
        var rows = new List<DataRow>();
        foreach (var (number, line) in TextFile.Lines(text))
        {
            string place = $"{path}, row {rows.Count + 1} (line {number})";
            var one = Parsed(line, error => $"{place} is no JSON: {JsonFault.Of(error)}{Advice(text, line)}");
            rows.Add(new(path, rows.Count + 1, number, Object(one, place)));
        }
        return rows;
    }

    // A whole object over many lines is the usual slip.
    static string Advice(string text, string line)
    {
        const string Spread =
            " A file of lines has one whole object in each; several objects over many lines are an array: put [ and ] around them.";
        if (line.Trim() == "{") return Spread;
        return line.Contains("': ") ? " JSON has double quotes." : "";
    }

    static JsonElement Object(JsonElement one, string place) => one.ValueKind == JsonValueKind.Object
        ? one : throw new LowrankException($"{place} is {DataRow.Kind(one)}, and an object with named fields is wanted.");

    static JsonElement Parsed(string json, Func<JsonException, string> message)
    {
        try
        {
            using var document = StrictJson.Parse(json, options);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new LowrankException(message(error), error);
        }
    }
}
