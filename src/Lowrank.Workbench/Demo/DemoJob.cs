using System.Diagnostics;

namespace Lowrank.Workbench;

/// <summary>The demo: trains on forty drawings, draws a grid of pictures, writes a page.</summary>
/// <param name="shelf">Where the model that draws is taken from.</param>
public sealed class DemoJob(ModelShelf shelf) : Job<DemoRequest, DemoReport>
{
    readonly TrainingJob training = new();

    /// <inheritdoc/>
    protected override DemoReport Work(DemoRequest request, JobRun run)
    {
        var files = DemoFiles.Find(request.Output);
        var recipe = RecipeOf(request, files);
        if (!request.Overwrite) files.RefuseToOverwrite(recipe.Saving.Name);
        var prompts = PromptFile.Read(files.Prompts);
        var (precision, device) = (recipe.Computing.ToPrecision(), recipe.Computing.ToDevice());
        AtomicFile.WriteText(files.Page, DemoPage.Begun);   // by which the folder is the demo's own, should it be stopped
        var trained = Train(recipe, run);
        string adapter = trained.Result.AdapterPath;

        long begun = Stopwatch.GetTimestamp();
        var options = request.Pictures with { Prompts = prompts, Seeds = [.. prompts.Select((_, row) => DemoSettings.FirstSeed + row)] };
        var columns = new DemoPictures(shelf, files.Model, adapter, precision, device).Draw(options, run);
        var grid = GridOf(columns, prompts);
        PictureFile.Save(files.Grid, grid);
        var drawing = Stopwatch.GetElapsedTime(begun);

        var report = new DemoReport(
            [adapter, files.Grid, files.Page],
            PictureFile.PngBytes(grid),
            "Rows: prompts that are not among the training pictures, each drawn from one seed. " +
                $"Columns: {string.Join(", ", DemoSettings.Strengths.Select(DemoSettings.TitleOf))}.",
            trained.Losses,
            columns[0].Average(PictureMeasures.Colourfulness),
            columns[^1].Average(PictureMeasures.Colourfulness),
            DemoTexts.Settings(recipe, trained.Start!, request.Pictures),
            [("training, with encoding the pictures", trained.Elapsed), ($"drawing {prompts.Count * columns.Count} pictures", drawing)],
            DemoTexts.Commands(adapter, files, recipe));
        AtomicFile.WriteText(files.Page, DemoPage.Html(report));
        return report;
    }

    static TrainingRecipe RecipeOf(DemoRequest request, DemoFiles files)
    {
        var recipe = Recipes.Read(files.Recipe)
            .With((ModelSection s) => s with { BaseModel = files.Model })
            .With((PictureSection s) => s with { Pictures = files.Pictures })
            .With((ComputingSection s) => s with { Device = request.Device })
            .With((SavingSection s) => s with { Output = files.Output, Overwrite = true });
        return request.Steps is { } steps ? recipe.With((OptimizationSection s) => s with { Steps = steps }) : recipe;
    }

    TrainingReport Train(TrainingRecipe recipe, JobRun run)
    {
        var trained = training.Run(new(recipe), new Reported<JobEvent>(run.Tell), run.Cancel);
        var result = trained.Result;
        if (!result.Stopped) return trained;
        throw new StoppedException($"Stopped at step {result.Steps} of {result.TotalSteps}; saved {result.AdapterPath}. " +
            "The demo begins anew when it is called again.");
    }

    static Picture GridOf(IReadOnlyList<IReadOnlyList<Picture>> columns, IReadOnlyList<string> prompts)
    {
        var rows = prompts.Select((_, row) => columns.Select(column => column[row]).ToArray()).ToArray();
        return PictureGrid.Compose(rows, [.. prompts], [.. DemoSettings.Strengths.Select(DemoSettings.TitleOf)]);
    }
}
