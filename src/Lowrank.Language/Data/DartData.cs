using System.Text.Json;

namespace Lowrank.Language;

/// <summary>DART's entries (Nan et al. 2021, arXiv:2007.02871) as facts on a line, <c>subject : relation : object | ...</c>, relations in
/// lower case.</summary>
public static class DartData
{
    /// <summary>Reads a file of JSON.</summary>
    /// <exception cref="LowrankException">The file is of another layout; it names the entry.</exception>
    public static List<DataToText> Read(string path) => Of(JsonRows.Read(path));

    internal static List<DataToText> Of(IEnumerable<DataRow> rows) => [.. rows.Select(Of)];

    /// <summary>The rows of a parsed list of entries.</summary>
    /// <param name="path">Where they stand, for errors.</param>
    /// <param name="entries">The list.</param>
    public static List<DataToText> Of(string path, JsonElement entries) =>
        [.. entries.EnumerateArray().Select((entry, at) => Of(new DataRow(path, at + 1, null, entry)))];

    static DataToText Of(DataRow entry)
    {
        var references = entry.List("annotations").EnumerateArray()
            .Select(one => new DataRow(entry.Path, entry.Number, null, one).Text("text")).ToList();
        if (references.Count == 0) throw new LowrankException($"{entry.Place} has no text in \"annotations\".");
        string facts = string.Join(" | ", entry.List("tripleset").EnumerateArray().Select(triple => Fact(entry, triple)));
        return new(entry.Number, facts, references) { Place = entry.Place };
    }

    static string Fact(DataRow entry, JsonElement triple)
    {
        bool isTriple = triple.ValueKind == JsonValueKind.Array && triple.GetArrayLength() == 3
            && triple.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String);
        if (!isTriple)
            throw new LowrankException($"{entry.Place} has a fact that is no list of three texts. Is the file of another layout?");
        return $"{triple[0].GetString()} : {TextCase.Lower((MarkedText)triple[1].GetString()!).Value} : {triple[2].GetString()}";
    }
}
