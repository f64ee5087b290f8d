namespace Lowrank.Language;

/// <summary>Pairs of texts of which one is the better: BLiMP's sentences (Warstadt et al. 2020) and preference data.</summary>
public static class PairData
{
    /// <summary>Reads JSON lines: <c>sentence_good</c>, <c>sentence_bad</c>, as BLiMP's own files have them, or <c>chosen</c>,
    /// <c>rejected</c>; and where they are there <c>UID</c>, <c>linguistics_term</c>, or <c>prompt</c>, <c>paradigm</c>,
    /// <c>phenomenon</c>.</summary>
    /// <exception cref="LowrankException">A row lacks a field.</exception>
    public static List<TextPair> Read(string path) => [.. JsonRows.Read(path).Select(Pair)];

    internal static TextPair Pair(DataRow row) => row.Has("sentence_good")
        ? new TextPair(row.Text("sentence_good"), row.Text("sentence_bad"), Optional(row, "UID"), Optional(row, "linguistics_term"))
        : new TextPair(row.Text("chosen"), row.Text("rejected"), Optional(row, "paradigm"), Optional(row, "phenomenon"))
        {
            Prompt = Optional(row, "prompt"),
        };

    static string Optional(DataRow row, string field) => row.IsGiven(field) ? row.Text(field) : "";
}
