using System.Diagnostics;
using System.Globalization;
using Lowrank.Diffusion;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Training;
using TorchSharp;

namespace Lowrank.Cli;

/// <summary>The demo: trains, draws the grid, writes the page.</summary>
static class DemoRun
{
    /// <summary>Runs it to the end.</summary>
    /// <param name="files">Where it reads and writes.</param>
    /// <param name="recipe">How it trains.</param>
    /// <param name="pictures">How pictures are made; prompts and seeds are filled in.</param>
    /// <param name="bars">Where progress is shown.</param>
    /// <param name="cancel">Stops it; what was learnt is saved.</param>
    /// <returns>What the page shows.</returns>
    public static DemoReport Run(DemoFiles files, TrainingRecipe recipe, GenerateOptions pictures, ProgressBars bars, CancellationToken cancel)
    {
        var prompts = PromptFile.Read(files.Prompts);
        var record = new TrainingRecord();
        var trained = TrainingRun.Run(recipe, [record, new TrainingBars(bars)], cancel);
        if (trained.Stopped) throw new StoppedException($"Stopped at step {trained.Steps} of {trained.TotalSteps}; saved {trained.AdapterPath}. The demo begins anew when it is called again.");
        var training = record.Elapsed;

        long begun = Stopwatch.GetTimestamp();
        var options = pictures with { Prompts = prompts, Seeds = [.. prompts.Select((_, row) => DemoSettings.FirstSeed + row)] };
        var columns = Draw(files, trained.AdapterPath, recipe, options, bars, cancel);
        var rows = prompts.Select((_, row) => columns.Select(column => column[row]).ToArray()).ToArray();
        var grid = PictureGrid.Compose(rows, prompts, [.. DemoSettings.Strengths.Select(DemoSettings.TitleOf)]);
        PictureFile.Save(files.Grid, grid);

        var report = new DemoReport(
            PictureFile.PngBytes(grid),
            $"Rows: prompts that are not among the training pictures, each drawn from one seed. Columns: {string.Join(", ", DemoSettings.Strengths.Select(DemoSettings.TitleOf))}.",
            record.Losses,
            columns[0].Average(PictureMeasures.Colourfulness),
            columns[^1].Average(PictureMeasures.Colourfulness),
            SettingsOf(recipe, record.Start!, pictures),
            [("training, with encoding the pictures", training), ($"drawing {rows.Length * columns.Count} pictures", Stopwatch.GetElapsedTime(begun))],
            CommandsOf(trained.AdapterPath, files, recipe));
        AtomicFile.WriteText(files.Page, DemoPage.Html(report));
        return report;
    }

    // One column after the other; the base's is drawn before the adapter is attached.
    static List<IReadOnlyList<Picture>> Draw(DemoFiles files, string adapter, TrainingRecipe recipe, GenerateOptions options, ProgressBars bars, CancellationToken cancel)
    {
        var precision = recipe.Computing.ToPrecision();
        using var model = StableDiffusion.Load(files.Model, new Storage(precision.Stored));
        var pipeline = new TextToImage(model, precision, torch.CPU);
        var columns = new List<IReadOnlyList<Picture>>();
        var bar = bars.Add("pictures", DemoSettings.Strengths.Count * options.Count);
        AttachedAdapter? attached = null;
        try
        {
            foreach (var strength in DemoSettings.Strengths)
            {
                if (strength is { } value)
                {
                    attached ??= new AttachedAdapter(model, new AdapterArgument(adapter, value));
                    attached.Attachment.Strength = value;
                }
                int before = columns.Count * options.Count;
                columns.Add(pipeline.Generate(options, new Reported<SamplingProgress>(p => bar.Report(before + p.Share(options.Batch) * options.Count, DemoSettings.TitleOf(strength))), cancel));
                attached?.Attachment.AssertUsed();
            }
        }
        catch (OperationCanceledException)
        {
            throw new StoppedException($"Stopped while drawing; the adapter is saved as {adapter}.");
        }
        finally
        {
            attached?.Dispose();
        }
        bar.Done();
        return columns;
    }

    static IReadOnlyList<(string Name, string Value)> SettingsOf(TrainingRecipe recipe, TrainingStarted start, GenerateOptions pictures) =>
    [
        ("base model", "emoji-sd, a Stable Diffusion that draws emoji at 128x128"),
        ("training pictures", $"{start.Pictures} ink drawings with captions"),
        ("trained", $"{Quantity.Count(start.Parameters)} parameters in {start.Targets} layers, rank {recipe.Network.Rank}{(recipe.Network.ConvRank > 0 ? $", convolutions rank {recipe.Network.ConvRank}" : "")}"),
        ("steps", $"{start.TotalSteps}, {recipe.Optimization.BatchSize * recipe.Optimization.Accumulation} pictures each"),
        ("learning rate", Quantity.Number(recipe.Optimization.LearningRate)),
        ("computed in", PrecisionNames.Of(recipe.Computing.ToPrecision())),
        ("processor", $"{Processor.Current.Name}, {Environment.ProcessorCount} logical processors"),
        ("pictures", string.Create(CultureInfo.InvariantCulture, $"{pictures.Sampler}, {pictures.Steps} steps, guidance {pictures.GuidanceScale}")),
    ];

    static IReadOnlyList<(string Command, string Meaning)> CommandsOf(string adapter, DemoFiles files, TrainingRecipe recipe) =>
    [
        ($"./lowrank generate \"cat face, ink style\" --adapter {adapter}:0.8 --guidance 4 --count 4 --grid", "Draw with what was learnt: any prompt, any strength."),
        ($"./lowrank inspect {adapter}", "See what is in the file. AUTOMATIC1111, ComfyUI, kohya's tools and diffusers read it too."),
        ($"./lowrank train --pictures my-pictures --model {Path.GetRelativePath(Environment.CurrentDirectory, files.Model)} --width {recipe.Pictures.Width} --height {recipe.Pictures.Height} --steps {recipe.Optimization.Steps} --learning-rate {Quantity.Number(recipe.Optimization.LearningRate)} --name mine",
            "Train on a folder of your own pictures, with a .txt beside each that says what it shows."),
    ];
}
