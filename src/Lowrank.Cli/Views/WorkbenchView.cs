using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Draws what the commands on files did.</summary>
static class WorkbenchView
{
    public static void Write(ConvertReport report, IAnsiConsole console)
    {
        var facts = new FactList();
        facts.Add(report.Kind, report.Input);
        facts.Add("from", report.From);
        facts.Add("to", report.To);
        if (report.Methods is { } methods) facts.Add("method", string.Join(", ", methods.Select(m => $"{m.Key} ({m.Value} layers)")));
        facts.Add("written", $"{report.Output} ({report.Tensors} tensors, {Quantity.Bytes(report.Bytes)})");
        AddNotes(facts, report.Notes);
        facts.Write(console);
    }

    public static void Write(MergeReport report, IAnsiConsole console)
    {
        var facts = new FactList();
        foreach (var (index, input) in report.Inputs.Index()) facts.Add(index == 0 ? "merged" : "", input);
        facts.Add("way", report.Way);
        facts.Add(report.Ranks is null ? "changed" : "adapts", report.Ranks is null ? $"{report.Changed} weights" : $"{report.Changed} layers");
        if (report.Ranks is { } ranks) facts.Add("rank", Counts(ranks));
        if (report.Error is { } error) facts.Add("error", $"{Share(error)} of the change is lost");
        facts.Add("written", $"{report.Output} ({Quantity.Bytes(report.Bytes)})");
        AddNotes(facts, report.Notes);
        facts.Write(console);
    }

    static string Counts(IReadOnlyDictionary<string, int> counts) => string.Join(", ", counts.Select(c => $"{c.Key} ({c.Value} layers)"));

    static string Share(double share) => share.ToString(share is 0 or >= 0.001 ? "0.00 %" : "0.0e+0", System.Globalization.CultureInfo.InvariantCulture);

    static void AddNotes(FactList facts, IReadOnlyList<string> notes)
    {
        foreach (var note in notes) facts.Add("note", note);
    }
}
