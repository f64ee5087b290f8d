using System.Globalization;
using Lowrank.Adapters;
using Lowrank.Training;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>The closing words of a training run: what was trained, where everything is, what to do next.</summary>
static class TrainingView
{
    public static void Write(TrainingReport report, IAnsiConsole console)
    {
        var result = report.Result;
        var facts = new FactList();
        bool isOfPictures = report.Task == PictureRecipe.Form.Task;
        if (report.Start is { } start)
        {
            string examples = Listing.Count(start.Examples, isOfPictures ? "picture" : "row");
            facts.Add("trained", $"{Quantity.Count(start.Parameters)} parameters in {start.Targets} layers, on {examples}");
        }
        if (report.Last is { } last)
        {
            string time = Quantity.Duration(report.Elapsed);
            facts.Add("steps", string.Create(CultureInfo.InvariantCulture, $"{result.Steps} in {time}, loss {last.AverageLoss:0.0000}"));
        }
        facts.Add("adapter", result.AdapterPath);
        var checkpoints = report.Written.Where(IsAdapter).Where(path => path != result.AdapterPath);
        foreach (var checkpoint in checkpoints) facts.Add("checkpoint", checkpoint);
        if (report.Written.FirstOrDefault(IsSample) is { } sample) facts.Add("samples", Path.GetDirectoryName(sample));
        facts.Add("recipe", result.Files.Recipe);
        facts.Add("losses", result.Files.Metrics);
        string with = $"--model {report.BaseModel} --adapter {result.AdapterPath}";
        if (isOfPictures) facts.Add("draw with it", $"lowrank generate \"...\" --adapter {result.AdapterPath}");
        else if (report.Writes) facts.Add("write with it", $"lowrank write \"...\" {with}");
        else facts.Add("measure it", $"lowrank evaluate ROWS {with}");
        facts.Write(console);
    }

    // PEFT's is a folder.
    static bool IsAdapter(string path) => path.EndsWith(".safetensors", StringComparison.Ordinal) || AdapterPlace.IsFolder(path);

    static bool IsSample(string path) => Path.GetExtension(path) is ".png" or ".txt";
}
