using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Draws what was fetched from the hub, or would be.</summary>
static class PullView
{
    public static void Write(PullReport report, IAnsiConsole console)
    {
        // A script takes the place, and nothing else.
        if (report.Place is { } place && Console.IsOutputRedirected)
        {
            foreach (string note in report.Notes) Console.Error.WriteLine(Terminal.Shown(FieldNames.AsOptions(note)));
            Console.WriteLine(place);
            return;
        }
        if (report.Place is null) WriteFiles(report, console);
        var facts = new FactList();
        facts.Add("name", report.Name);
        facts.Add("what", report.What);
        facts.Add("commit", report.Commit);
        facts.Add("files", $"{report.Files.Count}, {Quantity.Bytes(report.Bytes)}");
        facts.Add(report.Place is null ? "to fetch" : "fetched", Quantity.Bytes(report.Fetched));
        facts.Add("place", report.Place);
        foreach (string note in report.Notes) facts.Add("note", FieldNames.AsOptions(note));
        facts.Write(console);
    }

    static void WriteFiles(PullReport report, IAnsiConsole console)
    {
        var table = new ResultTable("file", "size", "there");
        foreach (var file in report.Files)
            table.AddRow(Cell.Of(file.Path), Cell.Right(Quantity.Bytes(file.Bytes)), Cell.Right(Share(file)));
        table.Write(console);
        console.WriteLine();
    }

    static string Share(PulledFile file)
    {
        if (file.Present == file.Bytes) return "yes";
        return file.Present == 0 ? "no" : Quantity.Bytes(file.Present);
    }
}
