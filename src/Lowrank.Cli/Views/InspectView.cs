using System.Globalization;
using Lowrank.Adapters;
using Lowrank.Models;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Draws an <see cref="InspectReport"/>.</summary>
static class InspectView
{
    // Metadata may hold a picture or thousands of tags: the text shows its beginning, --json all of it.
    const int LongestValue = 120, MostMetadata = 60, MostUnplaced = 10;

    public static void Write(InspectReport report, IAnsiConsole console)
    {
        if (report.Model is { } model)
        {
            Write(model, console);
            if (report.File is { Metadata.Count: > 0 }) WriteMetadata(report.File.Metadata, console);
            if (report.File?.Keys is { } keys) WriteKeys(keys, console);
        }
        else if (report.File is { } file) Write(file, report.Adapter, console);
    }

    static void Write(FileFacts file, AdapterFacts? adapter, IAnsiConsole console)
    {
        var facts = new FactList();
        facts.Add("file", file.Path);
        facts.Add("container", file.Container);
        if (adapter is not null)
        {
            facts.Add("dialect", adapter.Dialect ?? "unknown");
            facts.Add("made for", adapter.MadeFor is { } family ? FamilyGuess.Title(family) : "its names and widths do not tell");
            facts.Add("method", Counts(adapter.Methods, "layers"));
            facts.Add("rank", Counts(adapter.Ranks, "layers"));
            facts.Add("alpha", Counts(adapter.Alphas, "layers"));
            facts.Add("targets", Counts(adapter.Parts, "layers"));
        }
        else facts.Add("adapter", "no: its keys follow no dialect that is known");
        facts.Add("tensors", $"{file.Tensors}, {Quantity.Count(file.Parameters)} parameters, {Quantity.Bytes(file.Bytes)}");
        facts.Add("dtypes", Counts(file.Dtypes, "tensors"));
        foreach (var note in file.Notes) facts.Add("note", note);
        if (adapter is { OtherMethods.Count: > 0 }) facts.Add("also holds", string.Join(", ", adapter.OtherMethods));
        facts.Write(console);

        if (adapter is { Unplaced.Count: > 0 }) WriteUnplaced(adapter.Unplaced, "Keys that follow no pattern of the dialect", console);
        if (file.Metadata.Count > 0) WriteMetadata(file.Metadata, console);
        if (adapter is not null && adapter.Layers.Any(layer => layer.Norm is not null)) WriteNorms(adapter.Layers, console);
        if (file.Keys is not null) WriteKeys(file.Keys, console);
    }

    static void Write(BaseModelReport model, IAnsiConsole console)
    {
        var facts = new FactList();
        facts.Add("base model", model.Location);
        facts.Add("layout", model.Layout);
        facts.Add("family", model.PipelineClass is { } pipeline ? $"{model.Title} ({pipeline})" : model.Title);
        facts.Add("predicts", model.Prediction.ToString().ToLowerInvariant());
        if (model.Pixels is { } pixels) facts.Add("pictures", $"{pixels}x{pixels}{(model.Inpainting ? ", inpainting" : "")}");
        if (model.TextChannels is { } width) facts.Add("text width", Quantity.Number(width));
        facts.Add("size", $"{Quantity.Count(model.Parameters)} parameters, {Quantity.Bytes(model.Bytes)}");
        if (model.HoldsAverages) facts.Add("averages", "of the network beside its weights (EMA)");
        if (model.UnusedKeys.Count > 0) facts.Add("unused", $"{model.UnusedKeys.Count} keys, such as {model.UnusedKeys[0]}");
        foreach (var note in model.Notes) facts.Add("note", note);
        facts.Write(console);
        if (model.UnknownKeys.Count > 0) WriteUnplaced(model.UnknownKeys, "Keys that belong to nothing that is known", console);

        console.WriteLine();
        var table = Terminal.Table("part", "class", "parameters", "size", "dtypes");
        foreach (var part in model.Components)
            table.AddRow(new Text(part.Name), new Text(part.Class), Cell.Right(part.File is null ? "" : Quantity.Count(part.Parameters)),
                Cell.Right(part.File is null ? "" : Quantity.Bytes(part.Bytes)), new Text(string.Join(", ", part.Dtypes.Keys)));
        console.Write(table);
    }

    static void WriteUnplaced(IReadOnlyList<string> keys, string title, IAnsiConsole console)
    {
        console.WriteLine();
        console.WriteLine($"{title} ({keys.Count})");
        foreach (var key in keys.Take(MostUnplaced)) console.WriteLine($"  {key}");
        if (keys.Count > MostUnplaced) console.WriteLine($"  and {keys.Count - MostUnplaced} more: --json lists all");
    }

    static void WriteMetadata(IReadOnlyDictionary<string, string> metadata, IAnsiConsole console)
    {
        console.WriteLine();
        console.WriteLine("Metadata");
        var facts = new FactList();
        foreach (var (name, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal).Take(MostMetadata))
        {
            var line = value.ReplaceLineEndings(" ");
            facts.Add($"  {name}", line.Length <= LongestValue ? line : $"{line[..LongestValue]} ... ({line.Length} characters)");
        }
        facts.Write(console);
        if (metadata.Count > MostMetadata) console.WriteLine($"  and {metadata.Count - MostMetadata} more: --json lists all");
    }

    static void WriteNorms(IReadOnlyList<AdapterModule> layers, IAnsiConsole console)
    {
        console.WriteLine();
        var table = Terminal.Table("layer", "rank", "alpha", "norm of the change");
        foreach (var layer in layers)
            table.AddRow(new Text(layer.Name), Cell.Right(Quantity.Number(layer.Rank)), Cell.Right(layer.Alpha is { } alpha ? Quantity.Number(alpha) : ""),
                Cell.Right(layer.Norm?.ToString("0.0000", CultureInfo.InvariantCulture) ?? ""));
        console.Write(table);
    }

    static void WriteKeys(IReadOnlyList<KeyFacts> keys, IAnsiConsole console)
    {
        console.WriteLine();
        var table = Terminal.Table("tensor", "dtype", "shape");
        foreach (var key in keys) table.AddRow(new Text(key.Name), new Text(key.Dtype), new Text($"({string.Join(", ", key.Shape.Select(axis => Quantity.Number(axis)))})"));
        console.Write(table);
    }

    // "8 (128 layers), 4 (2 layers)"; a single kind without its name twice.
    static string Counts(IReadOnlyDictionary<string, int> counts, string of) => string.Join(", ", counts.Select(c => $"{c.Key} ({c.Value} {of})"));
}
