namespace Lowrank.Diffusion;

/// <summary>Jobs for pictures that differ in up to three settings: columns, rows, and grids side by side.</summary>
/// <typeparam name="TJob">What asks for a picture.</typeparam>
/// <remarks>Source: AUTOMATIC1111, scripts/xyz_grid.py, at 1.10.1.</remarks>
public sealed class Grid<TJob>
{
    readonly GridLine<TJob>[] lines;

    /// <summary>Reads the values, and sets them into a job for each cell.</summary>
    /// <param name="job">What all pictures have in common.</param>
    /// <param name="subject">How sizes and seeds are found in jobs.</param>
    /// <param name="choices">X, Y and Z; fewer leave out the last.</param>
    /// <exception cref="LowrankException">
    /// A value cannot be read or be, a job cannot take one, or the whole would be too large.
    /// </exception>
    public Grid(TJob job, GridSubject<TJob> subject, params IReadOnlyList<GridChoice<TJob>> choices)
    {
        if (choices.Count > 3) throw new LowrankException($"A grid has at most three axes, and {choices.Count} were given.");
        lines =
        [
            .. Enumerable.Range(0, 3).Select(i => i < choices.Count ? choices[i] : new(null))
                .Select(choice => GridLine<TJob>.Of(job, choice, subject.DrawSeed)),
        ];
        CheckSize(job, subject, lines);
        Cells = [.. Walk(lines).Select(at => Cell(job, subject, lines, at))];
    }

    /// <summary>The cells in the order in which they are drawn: what is slow to change is changed last.</summary>
    public IReadOnlyList<GridCell<TJob>> Cells { get; }

    /// <summary>Labels of the columns; empty texts where there is no axis.</summary>
    public IReadOnlyList<string> ColumnLabels => lines[0].Labels;

    /// <summary>Labels of the rows.</summary>
    public IReadOnlyList<string> RowLabels => lines[1].Labels;

    /// <summary>Labels of the grids side by side.</summary>
    public IReadOnlyList<string> GridLabels => lines[2].Labels;

    /// <summary>What the whole picture's text tells of its axes.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts =>
        [new("Script", "X/Y/Z plot"), .. lines[0].Facts('X'), .. lines[1].Facts('Y'), .. lines[2].Facts('Z')];

    /// <summary>What a user should know: ranges that hold nothing, values that are there twice, axes that change nothing.</summary>
    public IReadOnlyList<string> Notes => [.. lines.SelectMany(line => line.Notes), .. lines.SelectMany(Idle)];

    // Where no cell heeds it.
    IEnumerable<string> Idle(GridLine<TJob> line)
    {
        if (line.Choice.Axis is not { Idle: { } idle } axis || Cells.Count == 0) return [];
        var reasons = Cells.Select(cell => idle(cell.Job)).ToList();
        return reasons.Contains(null) ? [] : [$"axis \"{axis.Label}\" changes nothing: {reasons[0]}"];
    }

    /// <summary>The labels of a cell, in a sentence's place: "Steps: 20, Euler a".</summary>
    public string LabelOf(GridCell<TJob> cell)
    {
        string[] labels = [ColumnLabels[cell.X], RowLabels[cell.Y], GridLabels[cell.Z]];
        return string.Join(", ", labels.Where(label => label.Length > 0));
    }

    /// <summary>The pictures in one, with their labels.</summary>
    /// <param name="pictures">The picture of each of <see cref="Cells"/>, in that order.</param>
    /// <param name="look">Margins, and whether there are labels.</param>
    public Picture Compose(IReadOnlyList<Picture> pictures, GridLook? look = null)
    {
        look ??= GridLook.Usual;
        var grids = ComposeEach(pictures, look);
        return GridLabels is [""] ? grids[0] : PictureGrid.Compose([grids], columnLabels: Told(GridLabels, look), margin: look.Margin);
    }

    /// <summary>The same, each of the grids side by side by itself.</summary>
    /// <inheritdoc cref="Compose"/>
    public IReadOnlyList<Picture> ComposeEach(IReadOnlyList<Picture> pictures, GridLook look)
    {
        if (pictures.Count != Cells.Count || Cells.Count == 0)
            throw new LowrankException($"A grid of {Cells.Count} cells was given {pictures.Count} pictures.");
        var (columns, rows, count) = (ColumnLabels.Count, RowLabels.Count, GridLabels.Count);
        var placed = new Picture[count, rows, columns];
        foreach (var (cell, picture) in Cells.Zip(pictures)) placed[cell.Z, cell.Y, cell.X] = picture;
        return [.. Enumerable.Range(0, count).Select(z => PictureGrid.Compose(
            [.. Enumerable.Range(0, rows).Select(y => (Picture[])[.. Enumerable.Range(0, columns).Select(x => placed[z, y, x])])],
            Told(RowLabels, look), Told(ColumnLabels, look), margin: look.Margin))];
    }

    static IReadOnlyList<LabelText>? Told(IReadOnlyList<string> labels, GridLook look) =>
        labels is [""] || !look.Legend ? null : [.. labels];

    static void CheckSize(TJob job, GridSubject<TJob> subject, GridLine<TJob>[] lines)
    {
        double count = lines.Aggregate(1.0, (all, line) => all * line.Values.Count);
        GridLook.CheckSize(count, string.Join(" x ", lines.Select(line => line.Values.Count)), subject.Size(job));
    }

    // The slowest axis is outermost and, of the other two, the slower one next; where none is slower than both others, Z, Y, X.
    static IEnumerable<int[]> Walk(GridLine<TJob>[] lines)
    {
        int[] order = [2, 1, 0];
        double most = lines.Max(line => line.Cost);
        if (lines.Count(line => line.Cost == most) == 1) order = [.. order.OrderByDescending(axis => lines[axis].Cost)];
        for (int a = 0; a < lines[order[0]].Values.Count; a++)
            for (int b = 0; b < lines[order[1]].Values.Count; b++)
                for (int c = 0; c < lines[order[2]].Values.Count; c++)
                {
                    var at = new int[3];
                    (at[order[0]], at[order[1]], at[order[2]]) = (a, b, c);
                    yield return at;
                }
    }

    static GridCell<TJob> Cell(TJob job, GridSubject<TJob> subject, GridLine<TJob>[] lines, int[] at)
    {
        foreach (int axis in Enumerable.Range(0, lines.Length).OrderBy(axis => lines[axis].Choice.Axis?.Turn ?? 0))
            job = lines[axis].Set(job, at[axis]);
        long later = 0, stride = 1;
        foreach (var (axis, line) in lines.Index())
        {
            if (!line.Choice.VariesSeed) continue;
            later += at[axis] * stride;
            stride *= line.Values.Count;
        }
        return new(at[0], at[1], at[2], later == 0 ? job : subject.MovedSeed(job, later));
    }
}
