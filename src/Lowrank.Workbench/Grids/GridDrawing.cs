using System.Diagnostics;

namespace Lowrank.Workbench;

/// <summary>Draws the cells of a grid one after the other.</summary>
/// <param name="shelf">Where the models are taken from.</param>
/// <param name="cells">What is drawn, with its labels.</param>
/// <param name="keeps">Whether pictures stay where the rest is not drawn.</param>
/// <param name="run">Told how far it is.</param>
sealed class GridDrawing(ModelShelf shelf, IReadOnlyList<(GeneratingRequest Request, string Label)> cells, bool keeps, JobRun run)
{
    // Fewer pictures are drawn without a word on how many there are.
    const int Many = 12;

    // Seconds below which nobody wants to know how long the rest takes.
    const double Long = 60;

    readonly List<string> files = [];
    readonly List<AccountLine> told = [];

    /// <summary>The picture of each cell, and what was told on the way.</summary>
    /// <exception cref="LowrankException">A cell cannot be drawn; its labels are told.</exception>
    /// <exception cref="StoppedException">Stopped; what was saved is told.</exception>
    public (IReadOnlyList<string> Files, IReadOnlyList<AccountLine> Account) Draw()
    {
        CheckOptions();
        long steps = cells.Sum(cell => (long)cell.Request.Options.Steps);
        if (cells.Count >= Many) run.Say($"The grid has {cells.Count} pictures, with {steps} steps in all.");
        var stage = run.Begin("grid", cells.Count);
        var job = new GeneratingJob(shelf);
        for (int i = 0; i < cells.Count; i++) Draw(job, stage, i);
        stage.Done();
        return (files, told);
    }

    // With the first model at hand, so that nothing is drawn before a value is refused.
    void CheckOptions()
    {
        var first = cells[0].Request;
        var loading = run.Begin("loading the model");
        var place = ShelfPlace.Of(first.Model, first.ModelOptions, PrecisionNames.Named(first.Precision), Devices.Named(first.Device));
        using var taken = shelf.Take(place, run);
        var model = taken.As<StableDiffusion>("drawn with");
        loading.Done();
        GridLook.CheckSize(cells.Count, PlainValue.Text((long)cells.Count), first.Options.SizeOn(model));
        foreach (var (index, (request, label)) in cells.Index())
        {
            bool canBeChecked = request.Model == first.Model;
            if (!canBeChecked) continue;
            // Of a picture that is changed the size is known where it is read.
            if (request.Change is null) Told(index, label, () => GeneratingJob.Check(request.Options, model));
            Told(index, label, () => GeneratingJob.CheckSteps(request, model));
        }
    }

    void Draw(GeneratingJob job, JobStage stage, int index)
    {
        var (request, label) = cells[index];
        var watch = Stopwatch.StartNew();
        string which = $"{index + 1} of {cells.Count}: {label}";
        try
        {
            Told(index, label, () =>
                files.AddRange(job.Run(request, new Reported<JobEvent>(one => Forward(one, stage, index, which)), run.Cancel).Files));
        }
        catch (OperationCanceledException)
        {
            string kept = keeps && files.Count > 0 ? $"{files.Count} pictures are saved, the last as {files[^1]}" : "nothing was saved";
            throw new StoppedException($"Stopped at cell {which}; {kept}, and the grid is not laid out.");
        }
        if (index == 1) Estimate(watch.Elapsed.TotalSeconds, request.Options.Steps);
    }

    // By the second picture: the first one's time is its machinery's beginning too.
    void Estimate(double seconds, int steps)
    {
        double rest = cells.Skip(2).Sum(cell => (double)cell.Request.Options.Steps) / Math.Max(steps, 1) * seconds;
        if (rest < Long) return;
        run.Say($"The second picture took {Duration(seconds)}; by that the other {cells.Count - 2} take about {Duration(rest)}.");
    }

    static string Duration(double seconds) => Quantity.Duration(TimeSpan.FromSeconds(seconds));

    void Told(int index, string label, Action draw)
    {
        try
        {
            draw();
        }
        catch (LowrankException error)
        {
            string where = label.Length > 0 ? $" ({label})" : "";
            string kept = keeps && files.Count > 0 ? $" {files.Count} pictures were saved before, the last as {files[^1]}." : "";
            string said = $"Cell {index + 1} of {cells.Count}{where}: {error.Message}{kept}";
            throw RequestException.Retold(error, said);
        }
    }

    // A cell's progress is a part of the grid's; what its account says is told once.
    void Forward(JobEvent one, JobStage stage, int index, string which)
    {
        switch (one)
        {
            case JobProgress { Stage: PictureSeries.Stage } progress: stage.Report(index + (progress.Share ?? 0), which); break;
            case JobProgress: break;
            case JobAccount account:
                var news = account.Account.Lines.Except(told).ToList();
                told.AddRange(news);
                if (news.Count > 0) run.Tell(new JobAccount(AccountOf(news)));
                break;
            default: run.Tell(one); break;
        }
    }

    static Account AccountOf(IEnumerable<AccountLine> lines)
    {
        var account = new Account();
        account.Add(lines);
        return account;
    }
}
