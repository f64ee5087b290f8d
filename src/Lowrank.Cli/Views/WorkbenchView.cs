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

    static void AddNotes(FactList facts, IReadOnlyList<string> notes)
    {
        foreach (var note in notes) facts.Add("note", note);
    }
}
