using System.Globalization;
using Lowrank.Diffusion;
using Lowrank.Training;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Trains on forty drawings and shows what was learnt.</summary>
sealed class DemoCommand : HelpfulCommand
{
    /// <summary>Where results go if nothing else is said.</summary>
    public static readonly string StandardOutput = Path.Combine("out", "demo");

    readonly Option<string> output = new("--output", "-o") { HelpName = "FOLDER", Description = "where to write", DefaultValueFactory = _ => StandardOutput };
    readonly Option<int?> steps = new("--steps") { HelpName = "N", Description = "training steps, in place of the recipe's" };
    readonly Option<int> samplingSteps = new("--sampling-steps") { HelpName = "N", Description = "sampling steps of each picture", DefaultValueFactory = _ => DemoSettings.Pictures.Steps };
    readonly Option<bool> overwrite = new("--overwrite") { Description = "replace files that an earlier demo did not make (its own are replaced unasked)" };

    public DemoCommand() : base("demo", "Trains a LoRA on forty ink drawings in some minutes and shows what it learnt, on prompts it never saw: " +
        "writes the adapter ink.safetensors, the picture grid.png and the page report.html.")
    {
        Add(output);
        Add(steps);
        Add(samplingSteps);
        Add(overwrite);
        SetAction((result, cancel) => Task.FromResult(Run(
            result.GetValue(output)!, result.GetValue(steps), DemoSettings.Pictures with { Steps = result.GetValue(samplingSteps) }, result.GetValue(overwrite), cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("demo", "writes out/demo/ink.safetensors, grid.png and report.html"),
        new("demo --steps 100 --output out/short", "a shorter training, elsewhere"),
    ];

    static int Run(string output, int? steps, GenerateOptions pictures, bool overwrite, CancellationToken cancel)
    {
        var files = DemoFiles.Find(output);
        var recipe = Recipes.Read(files.Recipe)
            .With((ModelSection s) => s with { BaseModel = files.Model })
            .With((PictureSection s) => s with { Pictures = files.Pictures })
            .With((SavingSection s) => s with { Output = output, Overwrite = true });
        if (steps is { } count) recipe = recipe.With((OptimizationSection s) => s with { Steps = count });
        if (!overwrite) files.RefuseToOverwrite(recipe.Saving.Name);
        var report = ProgressBars.Show(bars => DemoRun.Run(files, recipe, pictures, bars, cancel));
        if (Terminal.ShowsProgress)
            Terminal.Messages.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nDone: drawn with the adapter, the pictures are {report.ColourfulnessDrop * 100:0} % less colourful. Look at:"));
        foreach (var path in new[] { Path.Combine(output, recipe.Saving.Name + ".safetensors"), files.Grid, files.Page }) Console.WriteLine(path);
        return ExitCode.Success;
    }
}
