using Lowrank.Training;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Draws what was found in several files, a line each.</summary>
static class InspectTable
{
    const int MostTags = 3, MostKinds = 3;

    public static void Write(IReadOnlyList<InspectReport> reports, IAnsiConsole console)
    {
        bool isMeasured = reports.Any(r => r.Adapter?.Norm is not null), isHashed = reports.Any(r => r.File?.Hashes is not null);
        var columns = new List<string> { "file", "kind", "dialect", "made for", "method", "rank", "alpha", "layers", "keys", "size" };
        if (isMeasured) columns.Add("norm");
        if (isHashed) columns.Add("AutoV2");
        columns.AddRange(["health", "trigger words"]);
        var table = new ResultTable([.. columns]);
        foreach (var report in reports)
        {
            var adapter = report.Adapter;
            List<Cell> cells =
            [
                Cell.Of(report.Path),
                Cell.Of(report.Kind),
                Cell.Of(adapter?.Dialect ?? ""),
                Cell.Of(MadeFor(report)),
                Cell.Of(Methods(adapter)),
                Cell.Of(Names(adapter?.Ranks)),
                Cell.Of(Names(adapter?.Alphas)),
                Cell.Right(adapter is null ? "" : Quantity.Number(adapter.Layers.Count)),
                Cell.Right(report.File is { } file ? Quantity.Number(file.Tensors) : ""),
                Cell.Right(Size(report)),
            ];
            if (isMeasured) cells.Add(Cell.Right(adapter?.Norm is { } norm ? InspectTexts.Norm(norm) : ""));
            if (isHashed) cells.Add(Cell.Of(report.File?.Hashes?.AutoV2 ?? ""));
            cells.Add(Cell.Of(Health(adapter)));
            cells.Add(Cell.Of(WordsOrError(report)));
            table.AddRow(cells);
        }
        table.Write(console);
        foreach (var report in reports)
            foreach (var remark in report.Adapter?.Health ?? [])
                console.WriteLine($"{ShownText.Of(report.Path)}: {ShownText.Of(remark)}");
    }

    static string Methods(AdapterFacts? adapter)
    {
        if (adapter?.Prompt is not { } prompt) return Names(adapter?.Methods);
        string own = InspectTexts.MethodOf(prompt);
        return adapter.Layers.Count > 0 ? $"{own}, {Names(adapter.Methods)}" : own;
    }

    static string MadeFor(InspectReport report) => InspectTexts.MadeFor(report.Adapter) ?? report.Model?.Title ?? "";

    static string Size(InspectReport report) => (report.File?.Bytes ?? report.Model?.Bytes) is { } bytes ? Quantity.Bytes(bytes) : "";

    static string Health(AdapterFacts? adapter)
    {
        if (adapter is null) return "";
        if (adapter.Health.Count > 0) return Listing.Count(adapter.Health.Count, "remark");
        return adapter.Norm is null && adapter.Layers.Count > 0 ? "header good" : "good";
    }

    static string WordsOrError(InspectReport report) =>
        report.Error is { } error ? InspectTexts.Short(FieldNames.AsOptions(error)) : InspectTexts.Triggers(report.Adapter, MostTags) ?? "";

    static string Names(IReadOnlyDictionary<string, int>? counts)
    {
        if (counts is null) return "";
        string names = string.Join(", ", counts.Keys.Take(MostKinds));
        return counts.Count > MostKinds ? names + ", ..." : names;
    }
}
