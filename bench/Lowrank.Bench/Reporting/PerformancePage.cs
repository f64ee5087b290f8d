using System.Globalization;
using System.Text;

namespace Lowrank.Bench;

/// <summary>docs/performance.md and its charts, from the files that the bench stored.</summary>
static class PerformancePage
{
    const string Start = """
        # What Lowrank costs

        Written by the bench from the figures in `bench/figures/`; no figure here is typed. Four commands take them anew, a fifth
        writes this page (`-- methods` prints every method's step; on a busy machine `--processor-time` counts one thread's work instead):

        ```
        dotnet run --project bench/Lowrank.Bench -c Release -- all --json bench/figures/all.json
        dotnet run --project bench/Lowrank.Bench -c Release -- pictures --json bench/figures/pictures.json
        dotnet run --project bench/Lowrank.Bench -c Release -- language MODEL.gguf --json bench/figures/language.json
        dotnet run --project bench/Lowrank.Bench -c Release -- scaling --json bench/figures/scaling.json
        dotnet run --project bench/Lowrank.Bench -c Release -- document
        ```

        ## How it is measured

        What is compared runs in one process, in turn, round after round; the first round warms up, and of the others the median
        counts. A ratio is ours over the peer's: below 1 is faster. Each group of rows has a process of its own, and so has each peak
        of memory. Peers are written out on the same libtorch, in the same program: what differs is what is computed, not who calls
        it. Files are read from the page cache and written through to the disk.


        """;

    /// <summary>The folder of figures, and the page with its charts, relative to the repository.</summary>
    public const string Figures = "bench/figures", Page = "docs/performance.md";

    /// <summary>Reads every file of figures, in the order of their names.</summary>
    public static IReadOnlyList<(string Name, Results Results)> Read(string root) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(root, Figures), "*.json").Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileNameWithoutExtension(path), Results.FromJson(File.ReadAllText(path)))),
    ];

    /// <summary>The page and its charts: paths relative to the repository, and what they hold.</summary>
    /// <exception cref="LowrankException">A row belongs to no section of the page.</exception>
    public static IReadOnlyDictionary<string, string> Write(IReadOnlyList<(string Name, Results Results)> figures)
    {
        var files = new Dictionary<string, string> { [Page] = Text(figures) };
        foreach (var curve in figures.SelectMany(f => f.Results.Curves)) files["docs/" + ChartName(curve)] = Chart.Draw(curve);
        return files;
    }

    static string Text(IReadOnlyList<(string Name, Results Results)> figures)
    {
        foreach (var row in figures.SelectMany(f => f.Results.Rows))
            if (Section.All.All(section => section.Name != row.Section))
                throw new LowrankException($"\"{row.What}\" belongs to a section \"{row.Section}\", which the page does not have");
        var page = new StringBuilder(Start.ReplaceLineEndings("\n"));
        page.Append("Taken:\n\n");
        foreach (var (name, results) in figures)
            page.Append(CultureInfo.InvariantCulture, $"- `{name}`: {results.Machine.Taken:yyyy-MM-dd}, {results.Machine.Told}\n");
        foreach (var section in Section.All)
        {
            // A row that two runs hold stands once: methods takes all of what the whole table takes two of.
            var rows = figures.SelectMany(f => f.Results.Rows).Where(row => row.Section == section.Name)
                .GroupBy(row => (row.What, row.Shape, row.Dtype, row.Peer)).Select(same => same.Last()).ToList();
            if (rows.Count == 0) continue;
            page.Append(CultureInfo.InvariantCulture, $"\n## {section.Title}\n\n{section.Meaning}\n\n");
            foreach (string line in Table.Head.Concat(rows.Select(Table.Line))) page.Append(line).Append('\n');
        }
        var curves = figures.SelectMany(f => f.Results.Curves).ToList();
        if (curves.Count > 0) page.Append("\n## How it grows\n");
        foreach (var curve in curves)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n![{curve.Title}: measured, and by theory]({ChartName(curve)})\n\n");
            page.Append(CultureInfo.InvariantCulture, $"*{Sentence(curve.Title)}. Theory: {curve.Theory}. ");
            page.Append(CultureInfo.InvariantCulture, $"At the end it takes {Last(curve):0.00} of that.*\n");
        }
        return page.ToString();
    }

    static double Last(Curve curve) => curve.Points[^1].Seconds / curve.Points[^1].Theory;

    static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    static string ChartName(Curve curve) => $"performance-{curve.Name}.svg";
}
