using System.Numerics;
using System.Text.Json;

namespace Lowrank.Graphs;

/// <summary>What is said of JSON to people.</summary>
static class JsonWords
{
    /// <summary>What a read value is: "a whole number", "a list".</summary>
    public static string Kind(object? value) => value switch
    {
        null => "null",
        bool => "a switch (true or false)",
        string => "a text",
        double => "a number",
        int or long or BigInteger => "a whole number",
        IReadOnlyDictionary<string, object?> => "an object",
        _ => "a list",
    };

    /// <summary>Where a text ceases to be JSON, with the line's words there, and what to try.</summary>
    public static string Fault(JsonException error, string text)
    {
        string advice = "Is it whole? Export the graph anew (Workflow > Export (API)); JSON has no comments and no commas at the end.";
        if (text.Trim().Length == 0) return $"it is empty. {advice}";
        if (error.LineNumber is not { } line) return $"it nests too deep. {advice}";
        string[] lines = text.Split('\n');
        string there = line < lines.Length ? lines[line].Trim() : "";
        if (there.Length > Longest) there = Around(there, (int)(error.BytePositionInLine ?? 0));
        string words = there.Length > 0 ? $" ({there})" : "";
        return $"it is no JSON from line {line + 1}, byte {error.BytePositionInLine + 1} on{words}. {advice}";
    }

    // Characters of a line that are shown.
    const int Longest = 60;

    static string Around(string line, int at)
    {
        int start = Math.Clamp(at - Longest / 2, 0, line.Length - Longest);
        return line.Substring(start, Longest);
    }
}
