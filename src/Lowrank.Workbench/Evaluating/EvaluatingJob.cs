using System.Diagnostics;
using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>Measures a language model on the rows of a file: the base, then each adapter by itself. Stopped, it keeps what is
/// measured.</summary>
public sealed class EvaluatingJob : Job<EvaluatingRequest, EvaluatingReport>
{
    const string Base = "base";

    /// <inheritdoc/>
    protected override EvaluatingReport Work(EvaluatingRequest request, JobRun run)
    {
        if (request.Out is { } place) OutputPlace.CheckFile(place, request.Overwrite, request.Data);
        var (task, data) = Read(request, run);
        List<string> notes = [.. request.Model.Unused(), .. data.Notes, .. IdleOptions.Of(task.Name, data, request.Options)];
        int all = data.Count;
        if (request.Limit < all)
        {
            data = data.First(request.Limit.Value);
            string first = data.Count == 1 ? $"The first of {all} rows is" : $"The first {data.Count} of {all} rows are";
            notes.Add($"{first} measured (`limit`).");
        }
        using var subject = EvaluationSubject.Load(request.Model, data, request.Options.Plain, run);
        var evaluator = subject.For(request.Options);
        notes.AddRange(evaluator.Notes);
        if (subject.LacksBase) notes.Add("The base has no head for classes: adapters alone are measured.");
        foreach (string note in notes) run.Say(note);
        var models = new List<EvaluatedModel>();
        var rows = new EvaluatedRows();
        bool isWhole = Measure(request, run, subject, evaluator, models, rows);
        if (request.Out is { } path) rows.Write(path);
        return new(request.Model.Path, request.Data, task.Name, task.Meaning, data.Count, models, notes)
        {
            Out = request.Out, IsStopped = !isWhole,
        };
    }

    static (EvaluationTask Task, EvaluationData Data) Read(EvaluatingRequest request, JobRun run)
    {
        var file = DataFile.Read(request.Data);
        if (request.Whole)
        {
            if (file.Rows is not null)
                run.Say($"{request.Data} holds {file.Told}, and is read as one text, its names and brackets too: `whole` was given.");
            return (EvaluationTasks.Named("perplexity"), TextData.Whole(file));
        }
        var task = request.Task is { } name ? EvaluationTasks.Named(name) : EvaluationTasks.Of(file);
        if (request.Task is null)
            run.Say($"{request.Data} holds {file.Told}: the task is {task.Name}, {task.Meaning}. `task` chooses another.");
        return (task, task.Of(file));
    }

    // Whether all was measured of all.
    static bool Measure(
        EvaluatingRequest request, JobRun run, EvaluationSubject subject, Evaluator evaluator, List<EvaluatedModel> models,
        EvaluatedRows rows)
    {
        AdapterChoice?[] choices = [null, .. request.Model.Adapters];
        foreach (var (place, choice) in choices.Index())
        {
            if (choice is null && subject.LacksBase) continue;
            string name = choice is null ? Base : subject.Names[place - 1];
            subject.Use(choice is null ? null : name);
            foreach (string idle in subject.AbsentFor(evaluator)) run.Say(idle);
            var stage = run.BeginPercent(name);
            long begun = Stopwatch.GetTimestamp();
            var result = evaluator.Measure(new Reported<double>(share => stage.Report(100 * share)), run.Cancel);
            if (result.IsWhole) stage.Done();
            double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            if (result.Measures.Count > 0)
                models.Add(new(name, choice?.Path, choice?.Strength, result.Measures, result.Rows.Count, result.IsWhole, seconds));
            rows.Add(name, result.Rows);
            if (!result.IsWhole) return false;
        }
        return true;
    }
}
