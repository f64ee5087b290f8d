using System.Globalization;
using Lowrank.Adapters;
using Lowrank.Models;
using Spectre.Console;
using static Lowrank.Cli.InspectTexts;

namespace Lowrank.Cli;

/// <summary>Draws an <see cref="InspectReport"/>.</summary>
static class InspectView
{
    // Lists may be long: the text shows their beginning, --json all of them.
    const int MostMetadata = 60, MostUnplaced = 10, MostTags = 12, BarWidth = 40;

    public static void Write(InspectReport report, bool everyLayer, IAnsiConsole console)
    {
        if (report.Model is { } model)
        {
            Write(model, report.File?.Hashes, console);
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
        if (adapter is null) facts.Add("adapter", "no: its keys follow no dialect that is known");
        else AddAdapter(facts, adapter);
        facts.Add("tensors", $"{file.Tensors}, {Quantity.Count(file.Parameters)} parameters, {Quantity.Bytes(file.Bytes)}");
        facts.Add("dtypes", Counts(file.Dtypes, "tensors"));
        if (adapter is not null) AddTraining(facts, adapter);
        if (file.Hashes is { } hashes) AddHashes(facts, hashes);
        foreach (var note in file.Notes) facts.Add("note", FieldNames.AsOptions(note));
        if (adapter is not null) AddHealth(facts, adapter);
        facts.Write(console);

        if (adapter is not null) WriteLists(adapter, console);
        if (file.Metadata.Count > 0) WriteMetadata(file.Metadata, console);
        if (adapter is not null && everyLayer) WriteNorms(adapter.Layers, console);
        if (file.Keys is not null) WriteKeys(file.Keys, console);
    }

    static void AddAdapter(FactList facts, AdapterFacts adapter)
    {
        facts.Add("dialect", adapter.Dialect ?? "unknown");
        facts.Add("made for", MadeFor(adapter) ?? "its names and widths do not tell");
        if (adapter.Layers.Count > 0)
        {
            facts.Add("method", Counts(adapter.Methods, "layers"));
            facts.Add("rank", Counts(adapter.Ranks, "layers"));
            facts.Add("alpha", Counts(adapter.Alphas, "layers") + BesideWholeFactors(adapter.Layers));
            facts.Add("targets", Counts(adapter.Parts, "layers"));
        }
        if (adapter.Prompt is { } prompt) facts.Add(adapter.Layers.Count > 0 ? "and" : "method", $"{MethodOf(prompt)}: {prompt}");
        if (adapter.Words.Count > 0) facts.Add("words", string.Join(", ", adapter.Words));
        if (adapter.Norm is { } norm) facts.Add("norm", $"{Norm(norm)}, of {Measured(adapter.Layers)}");
    }

    static string BesideWholeFactors(IReadOnlyList<AdapterModule> layers)
    {
        int whole = layers.Count(layer => layer.IsUnscaled);
        return whole == 0 ? "" : $"; that of {whole} with whole factors does not count: their scale is 1";
    }

    static string Measured(IReadOnlyList<AdapterModule> layers)
    {
        int measured = layers.Count(layer => layer.Norm is not null);
        return measured == layers.Count
            ? "the whole change at strength 1"
            : $"the change of {measured} of {layers.Count} layers at strength 1; " +
                "that of the others depends on the base's weights, or is too large to be measured";
    }

    static void AddHealth(FactList facts, AdapterFacts adapter)
    {
        foreach (var (i, line) in adapter.Health.Index()) facts.Add(i == 0 ? "health" : "", line);
        bool isKnown = adapter.Norm is not null || adapter.Layers.Count == 0;
        if (adapter.Health.Count == 0 && isKnown) facts.Add("health", "good");
        foreach (var unused in PassedOver.Sentences(adapter.PassedOver)) facts.Add("not used", unused);
        if (adapter.OtherMethods.Count > 0) facts.Add("also holds", string.Join(", ", adapter.OtherMethods));
    }

    static void WriteLists(AdapterFacts adapter, IAnsiConsole console)
    {
        if (adapter.Unplaced.Count > 0) WriteUnplaced(adapter.Unplaced, "Keys that follow no pattern of the dialect", console);
        if (adapter.Norm > 0) WriteBlocks(adapter.Blocks, console);
    }

    static void Write(BaseModelReport model, FileHashes? hashes, IAnsiConsole console)
    {
        var facts = new FactList();
        facts.Add("base model", model.Location);
        facts.Add("layout", model.Layout);
        facts.Add("family", model.PipelineClass is { } pipeline ? $"{model.Title} ({pipeline})" : model.Title);
        string end = model.EndsInNoise ? ", from pure noise on (zero terminal SNR)" : "";
        if (model.Prediction is { } prediction) facts.Add("predicts", prediction.ToString().ToLowerInvariant() + end);
        if (model.Pixels is { } pixels) facts.Add("pictures", model.Inpainting ? $"{pixels}x{pixels}, inpainting" : $"{pixels}x{pixels}");
        if (model.TextChannels is { } width) facts.Add("text width", Quantity.Number(width));
        facts.Add("size", $"{Quantity.Count(model.Parameters)} parameters, {Quantity.Bytes(model.Bytes)}");
        if (model.HoldsAverages) facts.Add("averages", "of the network beside its weights (EMA)");
        if (model.UnusedKeys.Count > 0) facts.Add("unused", $"{model.UnusedKeys.Count} keys, such as {model.UnusedKeys[0]}");
        if (hashes is not null) AddHashes(facts, hashes);
        foreach (var note in model.Notes) facts.Add("note", FieldNames.AsOptions(note));
        facts.Write(console);
        if (model.UnknownKeys.Count > 0) WriteUnplaced(model.UnknownKeys, "Keys that belong to nothing that is known", console);
        WriteComponents(model.Components, console);
    }

    static void WriteComponents(IReadOnlyList<ComponentReport> components, IAnsiConsole console)
    {
        console.WriteLine();
        var table = new ResultTable("part", "class", "parameters", "size", "dtypes");
        foreach (var part in components)
        {
            bool hasFile = part.File is not null;
            table.AddRow(
                Cell.Of(part.Name),
                Cell.Of(part.Class),
                Cell.Right(hasFile ? Quantity.Count(part.Parameters) : ""),
                Cell.Right(hasFile ? Quantity.Bytes(part.Bytes) : ""),
                Cell.Of(string.Join(", ", part.Dtypes.Keys)));
        }
        table.Write(console);
    }

    static void AddTraining(FactList facts, AdapterFacts adapter)
    {
        if (adapter.Training is not { } training) return;
        if (training.Title is { } title) facts.Add("title", Short(title));
        string model = string.Join(", ", new[] { training.BaseModel, training.BaseVersion }.OfType<string>());
        if (model.Length > 0) facts.Add("base model", Short(model));
        string run = RunOf(training);
        if (run.Length > 0) facts.Add("training", run);
        if (training.Folders.Count > 0) facts.Add("pictures", Short(string.Join(", ", training.Folders)));
        facts.Add("trigger words", Triggers(adapter, MostTags));
        if (training.Comment is { } comment) facts.Add("comment", Short(comment));
    }

    // "400 steps, 10 epochs, 40 pictures an epoch, learning rate 0.0001, 2025-01-31".
    static string RunOf(TrainingFacts training)
    {
        var run = new List<string>();
        if (training.Steps is { } steps) run.Add($"{steps} steps");
        if (training.Epochs is { } epochs) run.Add($"{epochs} epochs");
        if (training.Pictures is > 0 and var pictures) run.Add($"{pictures} pictures an epoch");
        if (training.LearningRate is { } rate) run.Add($"learning rate {rate}");
        if (training.Finished is { } finished) run.Add(finished.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return string.Join(", ", run);
    }

    static void AddHashes(FactList facts, FileHashes hashes)
    {
        facts.Add("AutoV2", $"{hashes.AutoV2} (SHA-256 {hashes.Sha256})");
        facts.Add("AutoV3", hashes.AutoV3);
        if (hashes.ModelHash is not null) facts.Add("sshs", $"model {hashes.ModelHash}, legacy {hashes.LegacyHash}");
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
        {
            if (block.Norm is not { } norm) continue;
            string bar = new('█', (int)Math.Round(BarWidth * norm / largest));
            console.WriteLine($"  {ShownText.Of(block.Name).PadRight(width)}  {Norm(norm),10}  {bar}");
        }
    }

    static void WriteUnplaced(IReadOnlyList<string> keys, string title, IAnsiConsole console)
    {
        console.WriteLine();
        console.WriteLine($"{title} ({keys.Count})");
        foreach (var key in keys.Take(MostUnplaced)) console.WriteLine($"  {ShownText.Of(key)}");
        if (keys.Count > MostUnplaced) console.WriteLine($"  and {keys.Count - MostUnplaced} more: --json lists all");
    }

    static void WriteMetadata(IReadOnlyDictionary<string, object> metadata, IAnsiConsole console)
    {
        console.WriteLine();
        console.WriteLine("Metadata");
        var facts = new FactList();
        foreach (var (name, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal).Take(MostMetadata))
            facts.Add($"  {name}", ShortWithLength(Plain(value)));
        facts.Write(console);
        if (metadata.Count > MostMetadata) console.WriteLine($"  and {metadata.Count - MostMetadata} more: --json lists all");
    }

    static string Plain(object value) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    static void WriteNorms(IReadOnlyList<AdapterModule> layers, IAnsiConsole console)
    {
        console.WriteLine();
        var table = new ResultTable("layer", "rank", "alpha", "norm of the change");
        foreach (var layer in layers)
            table.AddRow(
                Cell.Of(layer.Name),
                Cell.Right(Quantity.Number(layer.Rank)),
                Cell.Right(layer.Alpha is { } alpha ? Quantity.Number(alpha) : ""),
                Cell.Right(layer.Norm?.ToString("0.0000", CultureInfo.InvariantCulture) ?? ""));
        table.Write(console);
    }

    static void WriteKeys(IReadOnlyList<KeyFacts> keys, IAnsiConsole console)
    {
        console.WriteLine();
        var table = new ResultTable("tensor", "dtype", "shape");
        foreach (var key in keys)
        {
            var axes = key.Shape.Select(axis => Quantity.Number(axis));
            table.AddRow(Cell.Of(key.Name), Cell.Of(key.Dtype), Cell.Of($"({string.Join(", ", axes)})"));
        }
        table.Write(console);
    }
}
