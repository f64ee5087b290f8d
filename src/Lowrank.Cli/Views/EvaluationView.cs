using System.Globalization;
using Lowrank.Language;
using Lowrank.Training;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Draws what was measured of a language model: a line for each measure, a column for the base and for each adapter.</summary>
static class EvaluationView
{
    public static void Write(EvaluatingReport report, IAnsiConsole console)
    {
        var facts = new FactList();
        facts.Add("model", report.Model);
        facts.Add("data", report.Data);
        facts.Add("task", $"{report.Task}: {report.Meaning}");
        foreach (var model in report.Models.Where(model => !model.IsWhole))
            facts.Add("stopped", $"{model.Name} after {model.Rows} of {report.Rows} rows");
        facts.Add("written", report.Out);
        facts.Write(console);
        if (report.Models.Count == 0) return;
        console.WriteLine();
        Table(report).Write(console);
    }

    static ResultTable Table(EvaluatingReport report)
    {
        var table = new ResultTable(["measure", "over", .. report.Models.Select(Heading)]);
        foreach (var row in report.Models.SelectMany(model => model.Measures).DistinctBy(Key).ToList())
        {
            var over = Cell.Right(Listing.Count(row.Count, row.Of[..^1]));
            table.AddRow([Cell.Of(Name(row)), over, .. report.Models.Select(model => Value(model, row))]);
        }
        return table;
    }

    static string Heading(EvaluatedModel model) =>
        model.Strength is null or 1 ? model.Name : $"{model.Name}:{PlainValue.Text(model.Strength.Value)}";

    static (string, string?) Key(Measured measure) => (measure.Name, measure.Group);

    static string Name(Measured measure) => measure.Group is { } group ? $"{measure.Name}, {group}" : measure.Name;

    static Cell Value(EvaluatedModel model, Measured row) =>
        model.Measures.FirstOrDefault(measure => Key(measure) == Key(row)) is { } found ? Cell.Right(Shown(found.Value)) : Cell.Right("");

    // Shares to four places, larger figures to three.
    static string Shown(double value) => value.ToString(Math.Abs(value) < 10 ? "0.0000" : "0.###", CultureInfo.InvariantCulture);
}
