namespace Lowrank.Language;

/// <summary>The E2E challenge's restaurants (Novikova et al. 2017), in both layouts that lie about.</summary>
public static class E2eData
{
    internal const string Between = "||";

    /// <summary>JSON lines of <c>mr</c> and <c>refs</c>.</summary>
    /// <exception cref="LowrankException">A row lacks a field, or has no reference.</exception>
    public static List<DataToText> ReadJson(string path) =>
        Of(JsonRows.Read(path));

    internal static List<DataToText> Of(IEnumerable<DataRow> rows) => [.. rows.Select(row => WithReferences(row, row.Texts("refs")))];

    /// <summary>The LoRA repository's text: <c>name : X | food : Y||reference</c>, a reference a line; lines of the same facts that follow
    /// one another are one row.</summary>
    /// <exception cref="LowrankException">A line has no <c>||</c>, or nothing on one side of it.</exception>
    public static List<DataToText> ReadText(string path) => OfText(path, TextFile.Read(path));

    internal static List<DataToText> OfText(string path, string text)
    {
        var rows = new List<(int Line, string Context, List<string> References)>();
        foreach (var (number, line) in TextFile.Lines(text))
        {
            int at = line.IndexOf(Between, StringComparison.Ordinal);
            string context = at < 0 ? "" : line[..at].Trim(), reference = at < 0 ? "" : line[(at + Between.Length)..].Trim();
            if (context.Length == 0 || reference.Length == 0)
                throw new LowrankException($"{path}, line {number} is not \"facts||text\". Is the file of another layout?");
            if (rows.Count == 0 || rows[^1].Context != context) rows.Add((number, context, []));
            rows[^1].References.Add(reference);
        }
        if (rows.Count == 0) throw new LowrankException($"{path} has no rows. Is the file empty, or was its download cut?");
        return [.. rows.Select(row => new DataToText(row.Line, row.Context, row.References) { Place = $"{path}, line {row.Line}" })];
    }

    /// <summary>The lines of that text as the repository's own script parts them, a pair a line: what stands behind a second <c>||</c> is
    /// lost, and the blank before one stays.</summary>
    public static IEnumerable<(string Context, string Completion)> PaperLines(string text)
    {
        foreach (var (_, line) in TextFile.Lines(text))
        {
            string[] parts = line.Trim().Split(Between);
            if (parts.Length > 1) yield return (parts[0], parts[1]);
        }
    }

    static DataToText WithReferences(DataRow row, List<string> references) => references.Count > 0
        ? new(row.Number, row.Text("mr"), references) { Place = row.Place }
        : throw new LowrankException($"{row.Place} has no text in \"refs\".");
}
