using System.Text.Json;

namespace Lowrank.Language;

/// <summary>
/// WebNLG's entries (Gardent et al. 2017) as facts on a line, <c>subject : property : object | ...</c>. Only texts whose comment is "good"
/// are references; entries without one are left out, and counted.
/// </summary>
public static class WebNlgData
{
    /// <summary>Categories of the challenge's training set; a row of another category is an unseen one.</summary>
    public static IReadOnlyList<string> Seen { get; } =
    [
        "Airport", "Astronaut", "Building", "City", "ComicsCharacter", "Food", "Monument", "SportsTeam", "University", "WrittenWork",
    ];

    /// <summary>Whether a row's category stands in the training set.</summary>
    public static bool IsSeen(DataToText row) => row.Category is { } category && Seen.Contains(category);

    /// <summary>Reads a file of JSON.</summary>
    /// <param name="path">The file.</param>
    /// <param name="leftOut">Entries that have no good text.</param>
    /// <exception cref="LowrankException">The file is of another layout; it names the entry.</exception>
    public static List<DataToText> Read(string path, out int leftOut) => Of(path, JsonRows.Read(path), out leftOut);

    internal static List<DataToText> Of(string path, IReadOnlyList<DataRow> file, out int leftOut)
    {
        if (file.Count != 1)
            throw new LowrankException($"{path} has {file.Count} objects, and WebNLG's is one with \"entries\". Is it DART, " +
                "or JSON lines?");
        return Of(path, file[0].List("entries"), out leftOut);
    }

    /// <summary>The rows of a parsed list of entries.</summary>
    /// <param name="path">Where they stand, for errors.</param>
    /// <param name="entries">The list.</param>
    /// <param name="leftOut">Entries that have no good text.</param>
    public static List<DataToText> Of(string path, JsonElement entries, out int leftOut)
    {
        var rows = new List<DataToText>();
        leftOut = 0;
        foreach (var (number, numbered) in entries.EnumerateArray().Index())
        {
            // Each entry is an object whose one field is its number.
            if (numbered.ValueKind != JsonValueKind.Object || numbered.EnumerateObject().Count() != 1)
                throw new LowrankException($"{path}, entry {number + 1} is not an object with its number as its one field. " +
                    "Is the file of another layout?");
            var entry = new DataRow(path, number + 1, null, numbered.EnumerateObject().First().Value);
            var references = References(entry);
            if (references.Count == 0) leftOut++;
            else rows.Add(new(entry.Number, Context(entry), references, entry.Text("category")) { Place = entry.Place });
        }
        return rows;
    }

    static List<string> References(DataRow entry)
    {
        var texts = entry.List("lexicalisations").EnumerateArray().Select(one => new DataRow(entry.Path, entry.Number, null, one));
        return [.. texts.Where(text => text.Text("comment") == "good").Select(text => text.Text("lex"))];
    }

    static string Context(DataRow entry)
    {
        var triples = entry.List("modifiedtripleset").EnumerateArray().Select(one => new DataRow(entry.Path, entry.Number, null, one));
        return string.Join(" | ", triples.Select(one => $"{one.Text("subject")} : {one.Text("property")} : {one.Text("object")}"));
    }
}
