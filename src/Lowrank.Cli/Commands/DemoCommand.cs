using System.Globalization;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Trains on forty drawings, or a language model on facts put into words, and shows what was learnt.</summary>
sealed class DemoCommand : HelpfulCommand
{
    readonly Option<string> output = new("--output", "-o")
    {
        HelpName = "FOLDER",
        Description = $"where to write (default: {DemoFiles.StandardOutput}, or {LanguageDemoFiles.StandardOutput})",
    };

    readonly Option<bool> language = new("--language")
    {
        Description = "train a small language model to put facts into words, in place of the drawings",
    };

    readonly Option<string> baseModel = new("--base-model", "--model", "-m")
    {
        HelpName = "FOLDER|FILE",
        Description = $"the language model (default: {LanguageDemoModel.Place}, or where the hub's cache has it)",
    };

    readonly Option<bool> yes = new("--yes", "-y") { Description = "fetch the language model from the hub where it is not there (98 MB)" };
    readonly Option<long?> seed = new("--seed", "-s") { HelpName = "N", Description = "seed of the language model's training" };

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
        "writes the adapter ink.safetensors, the picture grid.png and the page report.html. With --language a small language model " +
        "learns to put facts about restaurants into words: PEFT's folder e2e, e2e.gguf for llama.cpp, and a page with texts and figures.")
    {
        AddGroup("A language model", language, baseModel, yes, seed);
        Add(output);
        Add(steps);
        Add(samplingSteps);
        Add(device);
        Add(overwrite);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("demo", "writes out/demo/ink.safetensors, grid.png and report.html"),
        new("demo --steps 100 --output out/short", "a shorter training, elsewhere"),
        new("demo --language --yes", "a language model; writes out/demo-language/e2e, e2e.gguf and report.html"),
        new("demo --language --base-model models/smollm2", "over a language model of your own"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        bool isLanguage = result.GetValue(language);
        OptionNeed[] needs = [new(baseModel, language), new(yes, language), new(seed, language)];
        foreach (string idle in needs.Select(need => need.Idle(result)).OfType<string>()) Console.Error.WriteLine(idle);
        if (isLanguage && result.IsGiven(samplingSteps)) Console.Error.WriteLine($"{samplingSteps.Name} is not used: no picture is drawn");
        return isLanguage ? Run(LanguageRequestOf(result), cancel) : Run(RequestOf(result), cancel);
    }

    LanguageDemoRequest LanguageRequestOf(ParseResult result) => new(result.GetValue(output) ?? LanguageDemoFiles.StandardOutput)
    {
        BaseModel = result.GetValue(baseModel),
        Fetches = result.GetValue(yes),
        Seed = result.GetValue(seed),
        Steps = result.GetValue(steps),
        Overwrite = result.GetValue(overwrite),
        Device = result.GetRequiredValue(device),
    };

    static int Run(LanguageDemoRequest request, CancellationToken cancel)
    {
        var report = ProgressBars.Show(new LanguageDemoJob(), request, cancel);
        if (Terminal.ShowsProgress)
        {
            var figures = report.Measures.Select(one =>
                string.Create(CultureInfo.InvariantCulture, $"{one.Name} {one.Base:0.000} to {one.Adapter:0.000}"));
            Terminal.Messages.WriteLine($"\nDone, over {report.Asked} unseen representations: {string.Join(", ", figures)}. Look at:");
        }
        foreach (var path in report.Files) Console.WriteLine(path);
        return ExitCode.Success;
    }

    DemoRequest RequestOf(ParseResult result) => new(result.GetValue(output) ?? DemoFiles.StandardOutput)
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
