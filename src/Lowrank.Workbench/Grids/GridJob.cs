namespace Lowrank.Workbench;

/// <summary>Draws a picture for each cell of a grid, and lays them out in one with labels.</summary>
/// <param name="shelf">Where the models are taken from.</param>
public sealed class GridJob(ModelShelf shelf) : Job<GridRequest, GeneratingReport>
{
    /// <inheritdoc/>
    protected override GeneratingReport Work(GridRequest request, JobRun run)
    {
        var each = request.Each with { Grid = false };
        var grid = new Grid<GeneratingRequest>(each, GridJobs.Subject, request.Axes);
        if (grid.Cells.Count == 0) throw new LowrankException($"There is nothing to draw: {string.Join("; ", grid.Notes)}.");
        foreach (string note in grid.Notes) run.Say(note);
        // What an axis sets was chosen, also where it sets the usual.
        var given = grid.Cells.Aggregate(each.Given, (all, cell) => all | Varied(each.Options, cell.Job.Options));
        var cells = grid.Cells.Select(cell => WithoutNone(cell.Job) with { Given = given }).ToList();
        foreach (var cell in cells) cell.CheckFiles();
        // Where one file is asked for, the pictures go beside it only until they stand in it.
        using var room = each.IntoFile ? new GridRoom() : null;
        var drawn = Draw(grid, [.. cells.Select(cell => room is null ? cell : cell with { Output = room.Folder, Encoding = null })], run);
        string path = Save(request, grid, drawn.Files);
        return new(room is null ? [.. drawn.Files, path] : [path], drawn.Account);
    }

    static GivenSampling Varied(GenerateOptions each, GenerateOptions cell)
    {
        var varied = GivenSampling.None;
        if (cell.Sampler != each.Sampler) varied |= GivenSampling.Sampler;
        if (cell.Schedule != each.Schedule) varied |= GivenSampling.Schedule;
        if (cell.Steps != each.Steps) varied |= GivenSampling.Steps;
        if (cell.GuidanceScale != each.GuidanceScale) varied |= GivenSampling.Guidance;
        return varied;
    }

    static GeneratingRequest WithoutNone(GeneratingRequest cell) =>
        cell with { Adapters = [.. cell.Adapters.Where(adapter => adapter is not NoAdapter)] };

    (IReadOnlyList<string> Files, IReadOnlyList<AccountLine> Account) Draw(
        Grid<GeneratingRequest> grid, IReadOnlyList<GeneratingRequest> cells, JobRun run)
    {
        var stage = run.Begin("grid", cells.Count);
        var job = new GeneratingJob(shelf);
        var files = new List<string>();
        var told = new List<AccountLine>();
        foreach (var (index, cell) in cells.Index())
        {
            string which = $"{index + 1} of {cells.Count}: {LabelOf(grid, grid.Cells[index])}";
            var report = job.Run(cell, new Reported<JobEvent>(one => Forward(one, stage, index, which, told, run)), run.Cancel);
            files.AddRange(report.Files);
        }
        stage.Done();
        return (files, told);
    }

    static string LabelOf(Grid<GeneratingRequest> grid, GridCell<GeneratingRequest> cell)
    {
        string[] labels = [grid.ColumnLabels[cell.X], grid.RowLabels[cell.Y], grid.GridLabels[cell.Z]];
        return string.Join(", ", labels.Where(label => label.Length > 0));
    }

    // A cell's progress is a part of the grid's; what its account says is told once.
    static void Forward(JobEvent one, JobStage stage, int index, string which, List<AccountLine> told, JobRun run)
    {
        switch (one)
        {
            case JobProgress { Stage: "pictures" } progress: stage.Report(index + (progress.Share ?? 0), which); break;
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

    static string Save(GridRequest request, Grid<GeneratingRequest> grid, IReadOnlyList<string> files)
    {
        var pictures = files.Select(PictureFile.Read).ToList();
        var laid = grid.Compose(pictures, request.Margin);
        string? text = pictures[0].InfoText is { } first ? TextOf(first, grid) : null;
        if (request.Each.IntoFile) return SaveAs(request.Each, laid, text);
        var names = new PictureNames(request.Each.Output, request.Each.Written.Format.Endings[0]);
        string path;
        do path = names.Next("grid");
        while (!PictureFile.SaveNew(path, laid, text, request.Each.Written));
        return path;
    }

    static string SaveAs(GeneratingRequest each, Picture laid, string? text)
    {
        if (each.Overwrite) PictureFile.Save(each.Output, laid, text, each.Written);
        else if (!PictureFile.SaveNew(each.Output, laid, text, each.Written))
            throw new LowrankException($"{each.Output} was written by another call meanwhile. Give another name, or --overwrite.");
        return each.Output;
    }

    // The first picture's own, with the axes.
    static string TextOf(string first, Grid<GeneratingRequest> grid)
    {
        var info = InfoText.Parse(first);
        return (info with { Fields = [.. info.Fields, .. grid.Facts] }).Format();
    }
}
