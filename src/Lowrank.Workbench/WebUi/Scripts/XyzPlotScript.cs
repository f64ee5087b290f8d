using System.Text.Json.Nodes;

namespace Lowrank.Workbench;

/// <summary>Pictures over up to three settings, laid out in one.</summary>
/// <remarks>Source: AUTOMATIC1111, scripts/xyz_grid.py, at 82a973c.</remarks>
sealed class XyzPlotScript : WebUiScript
{
    // Places of its fields: three of each axis (which, values, values from a list), then these.
    const int OfAxis = 3, Legend = 9, LonePictures = 10, SubGrids = 11, LeavesSeeds = 12, VariesSeeds = 13, Margin = 16, WritesLists = 17;

    /// <inheritdoc/>
    public override string Title => "X/Y/Z plot";

    /// <inheritdoc/>
    public override WebUiAnswer Run(WebUiScriptRun run, WebUiScriptArguments args)
    {
        args.AtMost(WritesLists + 1);
        if (!args.Flag(LeavesSeeds)) run = run.WithSeeds();
        var axes = new WebUiAxes(run.Files);
        var grid = new Grid<JsonObject>(run.Body, WebUiAxes.Subject, [.. Enumerable.Range(0, 3).Select(i => Choice(run, axes, args, i))]);
        if (grid.Cells.Count == 0) throw new LowrankException($"There is nothing to draw: {string.Join("; ", grid.Notes)}.");
        var drawn = grid.Cells.Select(cell => run.Draw(cell.Job)).ToList();
        var look = new GridLook(args.Whole(Margin), args.Flag(Legend, usual: true));
        IReadOnlyList<Picture> pictures = [.. drawn.Select(answer => answer.Pictures[0])];
        var laid = new List<Picture> { grid.Compose(pictures, look) };
        if (args.Flag(SubGrids)) laid.AddRange(grid.ComposeEach(pictures, look));
        string text = TextOf(pictures[0].InfoText!, grid);
        var told = laid.Select(picture => new Picture(picture.Width, picture.Height, picture.Pixels) { InfoText = text });
        var comments = grid.Notes.Concat(drawn.SelectMany(answer => answer.Comments));
        if (drawn.Exists(answer => answer.Pictures.Count > 1))
            comments = comments.Append("of each batch the first picture alone stands in the grid, and the others are left out");
        var grids = told.Select(picture => drawn[0].First with { Pictures = [picture] });
        var lone = drawn.Select(answer => answer.First).Where(_ => args.Flag(LonePictures));
        return WebUiAnswer.Joined([.. grids, .. lone], comments);
    }

    // An axis from a list is told as one that is written.
    static GridChoice<JsonObject> Choice(WebUiScriptRun run, WebUiAxes axes, WebUiScriptArguments args, int which)
    {
        int place = which * OfAxis;
        var axis = Axis(run, axes, args, place);
        string values = args.Text(place + 1);
        bool isListed = values.Length == 0 && !args.Flag(WritesLists);
        if (isListed) values = string.Join(", ", args.Texts(place + 2).Select(Quoted));
        return new(axis.Label == "Nothing" ? null : axis, values, args.Flag(VariesSeeds + which));
    }

    static GridAxis<JsonObject> Axis(WebUiScriptRun run, WebUiAxes axes, WebUiScriptArguments args, int place)
    {
        if (args.HoldsText(place)) return axes.Named(args.Text(place), run.ChangesPictures);
        var all = axes.All(run.ChangesPictures);
        int number = args.Whole(place);
        return number >= 0 && number < all.Count ? all[number] : throw new LowrankException(
            $"There is no axis {number}; they go from 0 ({all[0].Label}) to {all.Count - 1} ({all[^1].Label}).");
    }

    static string Quoted(string value) => value.Contains(',') ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;

    static string TextOf(string first, Grid<JsonObject> grid)
    {
        var info = InfoText.Parse(first);
        var fields = new InfoFields();
        foreach (var (field, value) in info.Fields.Concat(grid.Facts)) fields.Add(field, value);
        return (info with { Fields = fields.Ordered }).Format();
    }
}
