using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Language;

/// <summary>Files of data as examples, whatever they are: JSON, tables, parquet, lines of text, and the layouts of known tasks.</summary>
public static class ExampleFiles
{
    /// <summary>The examples of a file.</summary>
    /// <param name="path">The file: .jsonl, .json, .csv, .tsv, .parquet or .txt; JSON is known by what it holds.</param>
    /// <param name="options">How rows are read.</param>
    /// <param name="task">The task of GLUE that the file is of; null for none.</param>
    /// <exception cref="LowrankException">The file is missing, of another kind, or of no known layout; a row is named.</exception>
    public static ExampleRows Read(string path, ExampleOptions? options = null, GlueTask? task = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new();
        if (task is not null) return OfGlue(path, task);
        string ending = Path.GetExtension(path).ToLowerInvariant();
        if (ending == ".parquet") return ExampleRows.Of(ParquetRows.Read(path), options);
        if (ending is ".csv" or ".tsv") return ExampleRows.Of(SeparatedRows.Read(path, ending == ".tsv" ? '\t' : null), options);
        var file = DataFile.Read(path);
        return file.Rows is null ? OfLines(file) : OfJson(file, options);
    }

    /// <summary>The rows of a file as they are, of whichever kind it is; a line of a text file is a row of one field.</summary>
    /// <param name="path">The file: .jsonl, .json, .csv, .tsv, .parquet or .txt; JSON is known by what it holds.</param>
    /// <param name="lineField">What the field of a line is called.</param>
    /// <exception cref="LowrankException">The file is missing, of another kind, or has no row.</exception>
    public static IReadOnlyList<DataRow> ReadRows(string path, string lineField)
    {
        ArgumentNullException.ThrowIfNull(path);
        string ending = Path.GetExtension(path).ToLowerInvariant();
        if (ending == ".parquet") return ParquetRows.Read(path);
        if (ending is ".csv" or ".tsv") return SeparatedRows.Read(path, ending == ".tsv" ? '\t' : null);
        var file = DataFile.Read(path);
        return file.Rows ?? [.. file.Lines.Select((line, at) => new DataRow(path, at + 1, line.Number, Field(lineField, line.Text)))];
    }

    static JsonElement Field(string name, string text)
    {
        using var json = JsonDocument.Parse(new JsonObject { [name] = text }.ToJsonString());
        return json.RootElement.Clone();
    }

    static ExampleRows OfJson(DataFile file, ExampleOptions options)
    {
        bool isTold = options.Layout is not null || options.Columns.Count > 0;
        if (!isTold && file.HasFields("entries") && file.Rows!.Count == 1)
        {
            var rows = WebNlgData.Of(file.Path, file.Rows!, out int leftOut);
            return Facts(file.Path, rows, leftOut == 0 ? [] : [new(file.Path, $"{leftOut} of its entries have no good text")]);
        }
        if (!isTold && file.HasFields("tripleset", "annotations")) return Facts(file.Path, DartData.Of(file.Rows!), []);
        if (!isTold && file.HasFields("mr", "refs")) return Facts(file.Path, E2eData.Of(file.Rows!), []);
        return ExampleRows.Of(file.Rows!, options);
    }

    static ExampleRows OfLines(DataFile file)
    {
        if (file.Lines.All(line => line.Text.Contains(E2eData.Between, StringComparison.Ordinal)))
            return Facts(file.Path, E2eData.OfText(file.Path, file.Text), []);
        return new(ExampleLayout.Text, [.. file.Lines.Select(line => Line(file, line.Number, line.Text))], []);
    }

    static Example Line(DataFile file, int number, string text) => new($"{file.Path}, line {number}") { Whole = Said.Of(text) };

    // A row for each text that people wrote about the facts.
    static ExampleRows Facts(string path, IReadOnlyList<DataToText> rows, IReadOnlyList<SkippedRow> skipped)
    {
        var examples = new List<Example>();
        foreach (var row in rows)
            foreach (string text in row.References)
                examples.Add(new($"{path}, row {row.Number}") { Prompt = Said.Of(row.Context), Completion = Said.Of(text) });
        return new(ExampleLayout.PromptCompletion, examples, skipped);
    }

    static ExampleRows OfGlue(string path, GlueTask task)
    {
        var rows = task.Read(path, out var skipped);
        return new(ExampleLayout.Labelled, [.. rows.Select(row => new Example($"{path}, row {row.Number}")
        {
            Labelled = new(row.First, row.Second, task.Written(row.Label)),
        })], skipped);
    }
}
