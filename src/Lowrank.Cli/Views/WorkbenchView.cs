using System.Globalization;
using Lowrank.Adapters;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Draws what the commands on files did.</summary>
static class WorkbenchView
{
    public static void Write(ConvertingReport report, IAnsiConsole console)
    {
        var facts = new FactList();
        facts.Add(report.Kind, report.Input);
        facts.Add("from", report.From);
        facts.Add("to", report.To);
        if (report.Methods is { } methods) facts.Add("method", InspectTexts.Counts(methods, "layers"));
        facts.Add("written", $"{report.Output} ({report.Tensors} tensors, {Quantity.Bytes(report.Bytes)})");
        AddNotes(facts, report.Notes, report.PassedOver);
        facts.Write(console);
    }

    public static void Write(QuantizingReport report, IAnsiConsole console)
    {
        var facts = new FactList();
        facts.Add("model", $"{report.Input} ({Quantity.Bytes(report.BytesBefore)})");
        facts.Add("type", report.Type);
        facts.Add("tensors", InspectTexts.Counts(report.Tensors, "tensors"));
        facts.Add("written", $"{report.Output} ({Quantity.Bytes(report.Bytes)})");
        AddNotes(facts, report.Notes, []);
        facts.Write(console);
    }

    public static void Write(MergingReport report, IAnsiConsole console)
    {
        var facts = new FactList();
        foreach (var (index, input) in report.Inputs.Index()) facts.Add(index == 0 ? "merged" : "", input);
        facts.Add("way", report.Way);
        if (report.Ranks is { } ranks)
        {
            facts.Add("adapts", $"{report.Changed} layers");
            facts.Add("rank", InspectTexts.Counts(ranks, "layers"));
        }
        else facts.Add("changed", $"{report.Changed} weights");
        if (report.Error is { } error) facts.Add("error", $"{Share(error)} of the change is lost");
        facts.Add("written", $"{report.Output} ({Quantity.Bytes(report.Bytes)})");
        AddNotes(facts, report.Notes, report.PassedOver);
        facts.Write(console);
    }

    public static void Write(ReworkReport report, bool verbose, IAnsiConsole console)
    {
        var facts = new FactList();
        if (report.Inputs is [var original, var tuned])
        {
            facts.Add("base", original);
            facts.Add("tuned", tuned);
        }
        else facts.Add("from", report.Inputs[0]);
        facts.Add("rule", report.Rule);
        facts.Add("rank", InspectTexts.Counts(report.Ranks, "layers"));
        string of = report.Way == "extract" ? "the change of the chosen layers" : "the change";
        if (report.Error is { } error) facts.Add("error", $"{Share(error)} of {of} is lost");
        facts.Add("written", $"{report.Output} ({Quantity.Bytes(report.Bytes)})");
        AddNotes(facts, report.Notes, report.PassedOver);
        facts.Write(console);
        if (!verbose) return;
        console.WriteLine();
        var table = new ResultTable("layer", "rank before", "rank", "norm", "sum kept", "norm kept", "largest/smallest", "lost");
        foreach (var layer in report.Layers)
            table.AddRow(
                Cell.Of(layer.Path),
                Right(layer.OldRank),
                layer.Rank == 0 ? Cell.Right("whole") : Right(layer.Rank),
                Right(layer.Norm, "0.0000"),
                Right(layer.SumRetained, "0.0 %"),
                Right(layer.NormRetained, "0.0 %"),
                Right(layer.LargestRatio, "0.0"),
                Cell.Right(layer.Error is { } lost ? Share(lost) : ""));
        table.Write(console);
    }

    public static void Write(VerifyingReport report, bool verbose, IAnsiConsole console)
    {
        var facts = new FactList();
        facts.Add("base", report.Base);
        facts.Add("layers", Layers(report));
        string largest = $"{Share(report.Largest)} of the change";
        facts.Add("largest difference", report.LargestAt is { } path ? $"{largest}, at {path}" : largest);
        facts.Add("tolerance", Share(report.Tolerance));
        int different = report.Targets.Count(target => target.Relative > report.Tolerance);
        facts.Add("verdict", report.Equal ? "equal" : $"different, at {different} of {report.Targets.Count} layers");
        AddNotes(facts, report.Notes, report.PassedOver);
        facts.Write(console);
        if (!verbose) return;
        console.WriteLine();
        var table = new ResultTable("layer", "A", "B", "norm of the change", "difference", "largest entry", "share");
        foreach (var target in report.Targets)
            table.AddRow(
                Cell.Of(target.Path),
                Cell.Of(target.MethodA ?? "none"),
                Cell.Of(target.MethodB ?? "none"),
                Right(target.Change, "0.0000"),
                Right(target.Difference, "0.0e+0"),
                Right(target.Largest, "0.0e+0"),
                Cell.Right(Share(target.Relative)));
        table.Write(console);
    }

    static string Layers(VerifyingReport report)
    {
        bool agree = report.OnlyA + report.OnlyB == 0;
        return agree ? $"{report.Targets.Count}"
            : $"{report.Targets.Count}, of which {report.OnlyA} are in A alone and {report.OnlyB} in B alone";
    }

    static Cell Right(double? number, string format = "0.######") =>
        Cell.Right(number?.ToString(format, CultureInfo.InvariantCulture) ?? "");

    static string Share(double share) => share.ToString(share is 0 or >= 0.001 ? "0.00 %" : "0.0e+0", CultureInfo.InvariantCulture);

    static void AddNotes(FactList facts, IReadOnlyList<string> notes, IReadOnlyList<PassedOver> passedOver)
    {
        foreach (var note in notes) facts.Add("note", FieldNames.AsOptions(note));
        foreach (var unused in PassedOver.Sentences(passedOver)) facts.Add("not used", FieldNames.AsOptions(unused));
    }
}
