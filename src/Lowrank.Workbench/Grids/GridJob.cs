namespace Lowrank.Workbench;

/// <summary>Draws a picture for each cell of a grid, and lays them out in one with labels.</summary>
/// <param name="shelf">Where the models are taken from.</param>
public sealed class GridJob(ModelShelf shelf) : Job<GridRequest, GeneratingReport>
{
    /// <inheritdoc/>
    protected override GeneratingReport Work(GridRequest request, JobRun run)
    {
        var each = request.Each with { Grid = false };
        var plan = GridPlan.Of(request);
        if (plan.Cells.Count == 0) throw new RequestException($"There is nothing to draw: {string.Join("; ", plan.Notes)}.");
        foreach (string note in plan.Notes) run.Say(note);
        foreach (var (cell, _) in plan.Cells) cell.CheckFiles();
        GridFiles.Check(request, plan);
        // Where one file is asked for, the pictures go beside it only until they stand in it.
        using var room = each.IntoFile && !request.SavesPictures ? new GridRoom() : null;
        string folder = room?.Folder ?? (each.IntoFile ? Path.ChangeExtension(each.Output, null) : each.Output);
        var cells = plan.Cells.Select(cell => cell with { Request = Placed(cell.Request, folder, isKept: room is null) }).ToList();
        var drawn = new GridDrawing(shelf, cells, keeps: room is null, run).Draw();
        var grids = new GridFiles(request, plan, drawn.Files).Save();
        return new(room is null ? [.. drawn.Files, .. grids] : grids, drawn.Account);
    }

    static GeneratingRequest Placed(GeneratingRequest cell, string folder, bool isKept) => cell with
    {
        IsCell = true,
        Output = folder,
        Encoding = isKept ? cell.Written : null,
        Names = isKept ? cell.Names : null,
    };
}
