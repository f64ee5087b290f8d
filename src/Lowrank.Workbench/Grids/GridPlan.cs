namespace Lowrank.Workbench;

/// <summary>The pictures of a grid as requests for one each, and how they are laid out.</summary>
/// <param name="Cells">What is to be drawn, in that order, each with its labels.</param>
/// <param name="Facts">What the whole picture's text tells of it.</param>
/// <param name="Compose">The pictures of all cells in one, or in several where grids lie side by side.</param>
sealed record GridPlan(
    IReadOnlyList<(GeneratingRequest Request, string Label)> Cells,
    IReadOnlyList<KeyValuePair<string, string>> Facts,
    Func<IReadOnlyList<Picture>, Picture> Compose)
{
    /// <summary>What a user should know of it.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How many grids lie side by side that can be saved by themselves; 0 where there is but one.</summary>
    public int PartCount { get; init; }

    /// <summary>Each of the grids side by side by itself, and which cell is its first; none where there is but one.</summary>
    public Func<IReadOnlyList<Picture>, IReadOnlyList<(Picture Picture, int First)>> Parts { get; init; } = _ => [];

    /// <summary>The plan of a request.</summary>
    /// <exception cref="RequestException">A value cannot be, a cell cannot take one, or the whole would be too large.</exception>
    public static GridPlan Of(GridRequest request)
    {
        var plan = RequestException.Blamed(() => request.Matrix is { } form ? OfMatrix(request, form) : OfAxes(request));
        // What the hub has and this disk lacks is no fault of the request.
        var cells = WithSeeds(request, plan.Cells)
            .Select(cell => cell with { Request = (GeneratingRequest)cell.Request.Placed(HubPlaces.Find) });
        return plan with { Cells = [.. cells], Notes = [.. plan.Notes, .. Idle(request, plan)] };
    }

    // What was asked for and does nothing.
    static IEnumerable<string> Idle(GridRequest request, GridPlan plan)
    {
        if (request.DrawsSeeds && plan.Cells.All(cell => cell.Request.Seeds[0] != GridRequest.Chance))
            yield return "no cell draws a seed of its own: each is given one. Leave `seed` out, or put -1 on the axis \"seed\"";
        if (request.SavesParts && plan.PartCount == 0)
            yield return "no grid is saved by itself: there is but one. A third axis of several values lays more side by side";
    }

    static GridPlan OfAxes(GridRequest request)
    {
        var each = request.Each with { Grid = false };
        var choices = request.Axes.Select(choice => AmbiguousStrength.Settled(request, choice) with
        {
            KeepsChance = request.DrawsSeeds && choice.Axis?.Label == "Seed",
        });
        var grid = new Grid<GeneratingRequest>(each, GridJobs.Subject, [.. choices]);
        var cells = grid.Cells.Select(cell => (WithoutNone(cell.Job), grid.LabelOf(cell))).ToList();
        return new(cells, grid.Facts, pictures => grid.Compose(pictures, request.Each.Look))
        {
            Notes = grid.Notes,
            PartCount = grid.GridLabels.Count < 2 ? 0 : grid.GridLabels.Count,
            Parts = pictures => grid.GridLabels.Count < 2 ? [] :
            [
                .. grid.ComposeEach(pictures, request.Each.Look).Select((part, z) =>
                    (part, grid.Cells.Index().First(cell => cell.Item.Z == z).Index)),
            ],
        };
    }

    static GridPlan OfMatrix(GridRequest request, MatrixForm form)
    {
        var each = request.Each with { Grid = false };
        string text = TextOf(each, form);
        var matrix = new PromptMatrix(text);
        GridLook.CheckSize(matrix.Count, PlainValue.Text((long)matrix.Count), GridJobs.Subject.Size(each));
        var prompts = matrix.Prompts(form.AtStart, form.Delimiter);
        var seeds = matrix.Seeds(each.Seeds[0], form.CountsSeeds);
        var cells = prompts.Zip(seeds, (prompt, seed) => (WithText(each, prompt, form) with { Seeds = [seed] }, prompt)).ToList();
        int columns = matrix.Count / matrix.Rows;
        var (across, down) = request.Each.Look.Legend ? (matrix.ColumnLabels, matrix.RowLabels) : (null, null);
        return new(cells, [new("Script", MatrixScript), new(MatrixField, text), .. FormOf(form)],
            pictures => PictureGrid.Compose([.. pictures.Chunk(columns)], down, across, margin: request.Each.Look.Margin))
        {
            Notes = [.. NotesOn(matrix)],
        };
    }

    static IEnumerable<string> NotesOn(PromptMatrix matrix)
    {
        if (matrix.Count == 1)
            yield return $"the matrix \"{matrix.Text}\" has one part: write others behind bars, as in \"a fox|snow|night\"";
        foreach (int number in matrix.Empty)
            yield return $"part {number} of the matrix \"{matrix.Text}\" is empty, and pictures with it and without are drawn all the same";
    }

    /// <summary>The text that a matrix takes apart.</summary>
    public static string TextOf(GeneratingRequest each, MatrixForm form) =>
        form.OfNegative ? each.Options.NegativePrompt ?? "" : each.Prompts[0];

    static IEnumerable<KeyValuePair<string, string>> FormOf(MatrixForm form) => form.Text.Length > 0 ? [new(FormField, form.Text)] : [];

    /// <summary>A request with another such text.</summary>
    public static GeneratingRequest WithText(GeneratingRequest each, string prompt, MatrixForm form) => form.OfNegative
        ? each with { Options = each.Options with { NegativePrompt = prompt } }
        : each with { Prompts = [prompt] };

    /// <summary>Fields of a text.</summary>
    public const string MatrixField = "Prompt matrix", FormField = "Matrix options";

    /// <summary>What a text calls the way in which a grid was made.</summary>
    public const string MatrixScript = "Prompt matrix";

    // Where each draws its own, or drew it in the call that is repeated.
    static List<(GeneratingRequest Request, string Label)> WithSeeds(
        GridRequest request, IReadOnlyList<(GeneratingRequest Request, string Label)> cells)
    {
        if (request.CellSeeds.Count > 0 && request.CellSeeds.Count != cells.Count)
            throw new LowrankException(
                $"{request.CellSeeds.Count} seeds were given for the {cells.Count} cells of a grid. Give one for each.");
        return [.. cells.Select((cell, i) => cell with { Request = WithSeed(cell.Request, i) })];

        GeneratingRequest WithSeed(GeneratingRequest cell, int number)
        {
            if (request.CellSeeds.Count > 0) return cell with { Seeds = [request.CellSeeds[number]] };
            bool draws = request.DrawsSeeds && cell.Seeds[0] == GridRequest.Chance;
            return draws ? cell with { Seeds = [GridJobs.Subject.DrawSeed()] } : cell;
        }
    }

    static GeneratingRequest WithoutNone(GeneratingRequest cell) =>
        cell with { Adapters = [.. cell.Adapters.Where(adapter => adapter is not NoAdapter)] };
}
