using System.Globalization;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>The closing words of a training run: what was trained, where everything is, what to do next.</summary>
static class TrainingView
{
    public static void Write(TrainingReport report, IAnsiConsole console)
    {
        var result = report.Result;
        var facts = new FactList();
        if (report.Start is { } start)
            facts.Add("trained", $"{Quantity.Count(start.Parameters)} parameters in {start.Targets} layers, on {start.Examples} pictures");
        if (report.Last is { } last)
        {
            string time = Quantity.Duration(report.Elapsed);
            facts.Add("steps", string.Create(CultureInfo.InvariantCulture, $"{result.Steps} in {time}, loss {last.AverageLoss:0.0000}"));
        }
        facts.Add("adapter", result.AdapterPath);
        var checkpoints = report.Written.Where(IsAdapter).Where(path => path != result.AdapterPath);
        foreach (var checkpoint in checkpoints) facts.Add("checkpoint", checkpoint);
        if (report.Written.FirstOrDefault(IsPicture) is { } sample) facts.Add("samples", Path.GetDirectoryName(sample));
        facts.Add("recipe", result.Files.Recipe);
        facts.Add("losses", result.Files.Metrics);
        facts.Add("draw with it", $"lowrank generate \"...\" --adapter {result.AdapterPath}");
        facts.Write(console);
    }

    static bool IsAdapter(string path) => path.EndsWith(".safetensors", StringComparison.Ordinal);

    static bool IsPicture(string path) => path.EndsWith(".png", StringComparison.Ordinal);
}
