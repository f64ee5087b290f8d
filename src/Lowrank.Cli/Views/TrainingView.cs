using System.Globalization;
using Lowrank.Training;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>The closing words of a training run: what was trained, where everything is, what to do next.</summary>
static class TrainingView
{
    public static void Write(TrainingResult result, TrainingRecord record, IAnsiConsole console)
    {
        var facts = new FactList();
        if (record.Start is { } start) facts.Add("trained", $"{Quantity.Count(start.Parameters)} parameters in {start.Targets} layers, on {start.Pictures} pictures");
        if (record.Last is { } last) facts.Add("steps", string.Create(CultureInfo.InvariantCulture, $"{result.Steps} in {Quantity.Duration(record.Elapsed)}, loss {last.AverageLoss:0.0000}"));
        facts.Add("adapter", result.AdapterPath);
        foreach (var file in record.Files.Where(file => file != result.AdapterPath && file.EndsWith(".safetensors", StringComparison.Ordinal))) facts.Add("checkpoint", file);
        if (record.Files.FirstOrDefault(file => file.EndsWith(".png", StringComparison.Ordinal)) is { } sample) facts.Add("samples", Path.GetDirectoryName(sample));
        facts.Add("recipe", result.Files.Recipe);
        facts.Add("losses", result.Files.Metrics);
        facts.Add("draw with it", $"lowrank generate \"...\" --adapter {result.AdapterPath}");
        facts.Write(console);
    }
}
