using System.Globalization;
using Lowrank.Adapters;
using Lowrank.Models;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Draws an <see cref="InspectReport"/>.</summary>
static class InspectView
{
    // Metadata may hold a picture or thousands of tags: the text shows its beginning, --json all of it.
    const int LongestValue = 120, MostMetadata = 60, MostUnplaced = 10, MostTags = 12, BarWidth = 40;

    /// <summary>Several files, a line each.</summary>
    public static void Write(IReadOnlyList<InspectReport> reports, IAnsiConsole console)
    {
        bool measured = reports.Any(r => r.Adapter?.Norm is not null), hashed = reports.Any(r => r.File?.Hashes is not null);
        var table = Terminal.Table(["file", "kind", "dialect", "made for", "method", "rank", "alpha", "layers", "size", .. measured ? ["norm"] : (string[])[], .. hashed ? ["AutoV2"] : (string[])[], "health", "trigger words"]);
        foreach (var report in reports)
        {
            var adapter = report.Adapter;
            List<Text> cells =
            [
                new(report.Path),
                new(report.Kind),
                new(adapter?.Dialect ?? ""),
                new(adapter?.MadeFor is { } family ? FamilyGuess.Title(family) : report.Model?.Title ?? ""),
                new(Names(adapter?.Methods)),
                new(Names(adapter?.Ranks)),
                new(Names(adapter?.Alphas)),
                Cell.Right(adapter is null ? "" : Quantity.Number(adapter.Layers.Count)),
                Cell.Right(report.File is { } file ? Quantity.Bytes(file.Bytes) : report.Model is { } model ? Quantity.Bytes(model.Bytes) : ""),
            ];
            if (measured) cells.Add(Cell.Right(adapter?.Norm is { } norm ? Norm(norm) : ""));
            if (hashed) cells.Add(new(report.File?.Hashes?.AutoV2 ?? ""));
            cells.Add(new(adapter is null ? "" : adapter.Health.Count == 0 ? "good" : $"{adapter.Health.Count} remarks"));
            cells.Add(new(report.Error is { } error ? Short(error) : Triggers(adapter, 3) ?? ""));
            table.AddRow(cells);
        }
        console.Write(table);

        static string Names(IReadOnlyDictionary<string, int>? counts) => counts is null ? "" : string.Join(", ", counts.Keys.Take(3)) + (counts.Count > 3 ? ", ..." : "");
    }

    public static void Write(InspectReport report, bool everyLayer, IAnsiConsole console)
    {
        if (report.Model is { } model)
        {
            Write(model, console);
            if (report.File is { Metadata.Count: > 0 }) WriteMetadata(report.File.Metadata, console);
            if (report.File?.Keys is { } keys) WriteKeys(keys, console);
        }
        else if (report.File is { } file) Write(file, report.Adapter, everyLayer, console);
    }

    static void Write(FileFacts file, AdapterFacts? adapter, bool everyLayer, IAnsiConsole console)
    {
        var facts = new FactList();
        facts.Add("file", file.Path);
        facts.Add("container", file.Container);
        if (adapter is not null)
        {
            facts.Add("dialect", adapter.Dialect ?? "unknown");
            facts.Add("made for", adapter.MadeFor is { } family ? FamilyGuess.Title(family) : "its names and widths do not tell");
            if (adapter.Layers.Count > 0)
            {
                facts.Add("method", Counts(adapter.Methods, "layers"));
                facts.Add("rank", Counts(adapter.Ranks, "layers"));
                facts.Add("alpha", Counts(adapter.Alphas, "layers"));
                facts.Add("targets", Counts(adapter.Parts, "layers"));
            }
            if (adapter.Words.Count > 0) facts.Add("words", string.Join(", ", adapter.Words));
            if (adapter.Norm is { } norm) facts.Add("norm", $"{Norm(norm)}, of the whole change at strength 1");
        }
        else facts.Add("adapter", "no: its keys follow no dialect that is known");
        facts.Add("tensors", $"{file.Tensors}, {Quantity.Count(file.Parameters)} parameters, {Quantity.Bytes(file.Bytes)}");
        facts.Add("dtypes", Counts(file.Dtypes, "tensors"));
        if (adapter is not null) AddTraining(facts, adapter);
        if (file.Hashes is { } hashes) AddHashes(facts, hashes);
        foreach (var note in file.Notes) facts.Add("note", note);
        if (adapter is not null) foreach (var (i, line) in adapter.Health.Index()) facts.Add(i == 0 ? "health" : "", line);
        if (adapter is { Health.Count: 0 } && (adapter.Norm is not null || adapter.Layers.Count == 0)) facts.Add("health", "good");
        if (adapter is { OtherMethods.Count: > 0 }) facts.Add("also holds", string.Join(", ", adapter.OtherMethods));
        facts.Write(console);

        if (adapter is { Unplaced.Count: > 0 }) WriteUnplaced(adapter.Unplaced, "Keys that follow no pattern of the dialect", console);
        if (adapter is { Norm: > 0 }) WriteBlocks(adapter.Blocks, console);
        if (file.Metadata.Count > 0) WriteMetadata(file.Metadata, console);
        if (adapter is not null && everyLayer) WriteNorms(adapter.Layers, console);
        if (file.Keys is not null) WriteKeys(file.Keys, console);
    }

    static void Write(BaseModelReport model, IAnsiConsole console)
    {
        var facts = new FactList();
        facts.Add("base model", model.Location);
        facts.Add("layout", model.Layout);
        facts.Add("family", model.PipelineClass is { } pipeline ? $"{model.Title} ({pipeline})" : model.Title);
        if (model.Prediction is { } prediction) facts.Add("predicts", prediction.ToString().ToLowerInvariant());
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

    static void AddTraining(FactList facts, AdapterFacts adapter)
    {
        if (adapter.Training is not { } training) return;
        if (training.Title is { } title) facts.Add("title", Short(title));
        if (string.Join(", ", new[] { training.BaseModel, training.BaseVersion }.OfType<string>()) is { Length: > 0 } model) facts.Add("base model", Short(model));
        string[] run =
        [
            .. training.Steps is { } steps ? [$"{steps} steps"] : (string[])[],
            .. training.Epochs is { } epochs ? [$"{epochs} epochs"] : (string[])[],
            .. training.Pictures is > 0 and var pictures ? [$"{pictures} pictures an epoch"] : (string[])[],
            .. training.LearningRate is { } rate ? [$"learning rate {rate}"] : (string[])[],
            .. training.Finished is { } when ? [when.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)] : (string[])[],
        ];
        if (run.Length > 0) facts.Add("training", string.Join(", ", run));
        if (training.Folders.Count > 0) facts.Add("pictures", Short(string.Join(", ", training.Folders)));
        facts.Add("trigger words", Triggers(adapter, MostTags));
        if (training.Comment is { } comment) facts.Add("comment", Short(comment));
    }

    static string? Triggers(AdapterFacts? adapter, int most)
    {
        if (adapter?.Training is not { } training) return null;
        string[] words = [.. training.TriggerPhrase is { } phrase ? [Short(phrase)] : (string[])[], .. training.Tags.Take(most).Select(tag => $"{Short(tag.Tag)} ({tag.Count})")];
        return words.Length == 0 ? null : string.Join(", ", words) + (training.Tags.Count > most ? $", and {training.Tags.Count - most} more" : "");
    }

    static void AddHashes(FactList facts, FileHashes hashes)
    {
        facts.Add("AutoV2", $"{hashes.AutoV2} (SHA-256 {hashes.Sha256})");
        facts.Add("AutoV3", hashes.AutoV3);
        facts.Add("sshs", $"model {hashes.ModelHash}, legacy {hashes.LegacyHash}");
        foreach (var note in hashes.Notes) facts.Add("note", note);
    }

    // Bars of the largest block's length, like a histogram lying on its side.
    static void WriteBlocks(IReadOnlyList<BlockFacts> blocks, IAnsiConsole console)
    {
        double largest = blocks.Max(b => b.Norm ?? 0);
        console.WriteLine();
        console.WriteLine("Norm of the change by block");
        int width = blocks.Max(b => b.Name.Length);
        foreach (var block in blocks)
            if (block.Norm is { } norm)
                console.WriteLine($"  {block.Name.PadRight(width)}  {Norm(norm),10}  {new string('█', (int)Math.Round(BarWidth * norm / largest))}");
    }

    static string Norm(double norm) => norm.ToString(norm is 0 or >= 0.001 and < 1e6 ? "0.0000" : "0.000e+0", CultureInfo.InvariantCulture);

    static string Short(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= LongestValue ? line : line[..LongestValue] + " ...";
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
