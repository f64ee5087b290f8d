using System.Diagnostics;
using System.Text.Json;
using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>The demo of a language model: trains it on facts put into words, has it write before and after, and writes a page.</summary>
public sealed class LanguageDemoJob : Job<LanguageDemoRequest, LanguageDemoReport>
{
    /// <summary>Rows of the test set that are asked, evenly over it.</summary>
    public const int Asked = 60;

    /// <summary>Of these, how many the page shows.</summary>
    public const int Shown = 12;

    static readonly (string Measure, string Name)[] shown = [("bleu", "BLEU"), ("rouge-l-coco", "ROUGE-L"), ("facts told", "facts told")];

    /// <inheritdoc/>
    protected override LanguageDemoReport Work(LanguageDemoRequest request, JobRun run)
    {
        var files = LanguageDemoFiles.Find(request.Output);
        string model = ModelOf(request, files, run);
        if (LanguageDemoModel.Differs(model) is { } differs) run.Say(differs);
        var recipe = RecipeOf(request, files, model);
        if (!request.Overwrite) files.RefuseToOverwrite(recipe.Saving.Name);
        Foretell(recipe, model, run);
        AtomicFile.WriteText(files.Page, LanguageDemoPage.Begun);   // by which the folder is the demo's own, should it be stopped
        WriteAsked(files);

        var trained = Train(recipe, run);
        string adapter = trained.Result.AdapterPath, gguf = Path.Combine(files.Output, recipe.Saving.Name + ".gguf");
        long begun = Stopwatch.GetTimestamp();
        var measured = Measure(request, files, model, adapter, run);
        var report = ReportOf(files, measured, trained) with
        {
            Files = [adapter, gguf, files.Asked, files.Answers, files.Page],
            Settings = LanguageDemoTexts.Settings(recipe, trained.Start!),
            Times =
            [
                ("training, with reading the rows", trained.Elapsed),
                ($"writing {2 * Asked} texts, with loading the model", Stopwatch.GetElapsedTime(begun)),
            ],
            Commands = LanguageDemoTexts.Commands(adapter, gguf, files, model),
        };
        AtomicFile.WriteText(files.Page, LanguageDemoPage.Html(report));
        return report;
    }

    static string ModelOf(LanguageDemoRequest request, LanguageDemoFiles files, JobRun run)
    {
        if (request.BaseModel is { } given) return given;
        if (LanguageDemoModel.Find(files.Repository) is { } found) return Path.GetRelativePath(Environment.CurrentDirectory, found);
        if (!request.Fetches) throw new LowrankException(LanguageDemoModel.Missing);
        try
        {
            new PullJob().Run(new(LanguageDemoModel.HubName), new Reported<JobEvent>(run.Tell), run.Cancel);
        }
        catch (LowrankException error)
        {
            throw new LowrankException($"{error.Message}\n{LanguageDemoModel.Missing}", error);
        }
        return LanguageDemoModel.Find(files.Repository) ?? throw new LowrankException(LanguageDemoModel.Missing);
    }

    static TrainingRecipe RecipeOf(LanguageDemoRequest request, LanguageDemoFiles files, string model)
    {
        var recipe = Recipes.Read(files.Recipe)
            .With((ModelSection s) => s with { BaseModel = model })
            .With((LanguageSection s) => s with { Data = files.Training })
            .With((ComputingSection s) => s with { Device = request.Device, Seed = request.Seed ?? s.Seed })
            .With((SavingSection s) => s with { Output = files.Output, Overwrite = true });
        return request.Steps is { } steps ? recipe.With((OptimizationSection s) => s with { Steps = steps }) : recipe;
    }

    static void Foretell(TrainingRecipe recipe, string model, JobRun run)
    {
        int steps = recipe.Optimization.StepsOf(1);
        var (precision, device) = (recipe.Computing.ToPrecision(), recipe.Computing.ToDevice());
        var forecast = DemoForecast.Of(steps, 2 * Asked, model, precision, device);
        string took = Quantity.Duration(forecast.Whole);
        run.Say($"{Listing.Count(steps, "step")} and {2 * Asked} texts will take about {took} on this machine " +
            $"({Quantity.Number(forecast.Rate)} GFLOPS in {forecast.Dtype}).");
    }

    // Evenly over the file, which is in the order of names.
    static void WriteAsked(LanguageDemoFiles files)
    {
        var rows = E2eData.ReadJson(files.Test);
        var chosen = Enumerable.Range(0, Asked).Select(at => rows[at * rows.Count / Asked]);
        AtomicFile.WriteText(files.Asked, string.Concat(chosen.Select(row =>
            JsonSerializer.Serialize(new { mr = row.Context, refs = row.References }) + "\n")));
    }

    static TrainingReport Train(TrainingRecipe recipe, JobRun run)
    {
        var trained = new TrainingJob().Run(new(recipe), new Reported<JobEvent>(run.Tell), run.Cancel);
        var result = trained.Result;
        if (!result.Stopped) return trained;
        throw new StoppedException($"Stopped at step {result.Steps} of {result.TotalSteps}; saved {result.AdapterPath}. " +
            "The demo begins anew when it is called again.");
    }

    static EvaluatingReport Measure(LanguageDemoRequest request, LanguageDemoFiles files, string model, string adapter, JobRun run)
    {
        var choice = new WritingModelChoice(model) { Adapters = [new(adapter)], Device = request.Device };
        var measuring = new EvaluatingRequest(choice, files.Asked) { Task = "e2e", Out = files.Answers, Overwrite = true };
        var measured = new EvaluatingJob().Run(measuring, new Reported<JobEvent>(run.Tell), run.Cancel);
        if (!measured.IsStopped) return measured;
        throw new StoppedException($"Stopped while writing; the adapter is saved as {adapter}.");
    }

    static LanguageDemoReport ReportOf(LanguageDemoFiles files, EvaluatingReport measured, TrainingReport trained)
    {
        var (asked, words) = (E2eData.ReadJson(files.Asked), new SupportedWords(E2eData.ReadJson(files.Training)));
        var answers = LanguageDemoAnswers.Read(files.Answers);
        var (before, after) = (measured.Models[0], measured.Models[1]);
        int Inventing(string model) => asked.Count(row => words.Invents(answers[model][row.Number], row));
        var rows = Enumerable.Range(0, Shown).Select(at => asked[at * asked.Count / Shown]).Select(row => new DemoText(
            row.Context, row.References[0], words.Marked(answers[before.Name][row.Number], row),
            words.Marked(answers[after.Name][row.Number], row)));
        double Value(EvaluatedModel model, string measure) => model.Measures.First(one => one.Name == measure).Value;
        return new([], [.. rows], [.. shown.Select(one => (one.Name, Value(before, one.Measure), Value(after, one.Measure)))],
            asked.Count, trained.Losses, [], [], [])
        {
            Inventing = (Inventing(before.Name), Inventing(after.Name)),
        };
    }
}
