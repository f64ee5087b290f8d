using System.Globalization;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Trains on forty drawings and shows what was learnt.</summary>
sealed class DemoCommand : HelpfulCommand
{
    readonly Option<string> output = new("--output", "-o")
    {
        HelpName = "FOLDER",
        Description = "where to write",
        DefaultValueFactory = _ => DemoFiles.StandardOutput,
    };

    readonly Option<int?> steps = new("--steps") { HelpName = "N", Description = "training steps, in place of the recipe's" };

    readonly Option<int> samplingSteps = new("--sampling-steps")
    {
        HelpName = "N",
        Description = "sampling steps of each picture",
        DefaultValueFactory = _ => DemoSettings.Pictures.Steps,
    };

    readonly DeviceOption device = new();

    readonly Option<bool> overwrite = new("--overwrite")
    {
        Description = "replace files that an earlier demo did not make (its own are replaced unasked)",
    };

    public DemoCommand() : base("demo",
        "Trains a LoRA on forty ink drawings in some minutes and shows what it learnt, on prompts it never saw: " +
        "writes the adapter ink.safetensors, the picture grid.png and the page report.html.")
    {
        Add(output);
        Add(steps);
        Add(samplingSteps);
        Add(device);
        Add(overwrite);
        SetAction((result, cancel) => Task.FromResult(Run(RequestOf(result), cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("demo", "writes out/demo/ink.safetensors, grid.png and report.html"),
        new("demo --steps 100 --output out/short", "a shorter training, elsewhere"),
    ];

    DemoRequest RequestOf(ParseResult result) => new(result.GetRequiredValue(output))
    {
        Steps = result.GetValue(steps),
        Pictures = DemoSettings.Pictures with { Steps = result.GetValue(samplingSteps) },
        Overwrite = result.GetValue(overwrite),
        Device = result.GetRequiredValue(device),
    };

    static int Run(DemoRequest request, CancellationToken cancel)
    {
        using var shelf = new ModelShelf();
        var report = ProgressBars.Show(new DemoJob(shelf), request, cancel);
        if (Terminal.ShowsProgress)
            Terminal.Messages.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"\nDone: drawn with the adapter, the pictures are {report.ColourfulnessDrop * 100:0} % less colourful. Look at:"));
        foreach (var path in report.Files) Console.WriteLine(path);
        return ExitCode.Success;
    }
}
