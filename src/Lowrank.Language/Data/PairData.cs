namespace Lowrank.Language;

/// <summary>Pairs of texts of which one is the better: BLiMP's sentences (Warstadt et al. 2020) and preference data.</summary>
public static class PairData
{
    /// <summary>Reads JSON lines: <c>sentence_good</c>, <c>sentence_bad</c>, as BLiMP's own files have them, or <c>chosen</c>,
    /// <c>rejected</c> and perhaps <c>prompt</c>; and where they are there <c>UID</c> or <c>paradigm</c>, <c>linguistics_term</c> or
    /// <c>phenomenon</c>.</summary>
    /// <exception cref="LowrankException">A row lacks a field.</exception>
    public static List<TextPair> Read(string path) => [.. JsonRows.Read(path).Select(Pair)];

    internal static TextPair Pair(DataRow row) => row.Has("sentence_good")
        ? new TextPair(row.Text("sentence_good"), row.Text("sentence_bad"), Optional(row, "UID", "paradigm"), Phenomenon(row))
        : new TextPair(row.Text("chosen"), row.Text("rejected"), Optional(row, "paradigm", "UID"), Phenomenon(row))
        {
            Prompt = Optional(row, "prompt"),
        };

    static string Phenomenon(DataRow row) => Optional(row, "linguistics_term", "phenomenon");

    static string Optional(DataRow row, params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields)
            if (row.IsGiven(field)) return row.Text(field);
        return "";
    }
}
