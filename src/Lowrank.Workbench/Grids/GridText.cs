namespace Lowrank.Workbench;

/// <summary>What the text of a grid says beside the first picture's own.</summary>
/// <remarks>
/// Script and axes stand as AUTOMATIC1111 writes them (scripts/xyz_grid.py at 1.10.1); what begins with "Grid" is Lowrank's.
/// </remarks>
static class GridText
{
    /// <summary>Fields of seeds.</summary>
    public const string VariedSeeds = "Grid varied seeds", CellSeeds = "Grid seeds";

    /// <summary>The whole text.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="plan">Its cells, as they were drawn.</param>
    /// <param name="first">The first picture's text.</param>
    public static string Write(GridRequest request, GridPlan plan, InfoText first) =>
        (first with { Fields = [.. first.Fields, .. plan.Facts, .. Own(request, plan), .. Base(request, first)] }).Format();

    static IEnumerable<KeyValuePair<string, string>> Own(GridRequest request, GridPlan plan)
    {
        foreach (var fact in request.Each.Look.Facts) yield return fact;
        string varied = string.Concat("XYZ".Where((_, i) => i < request.Axes.Count && request.Axes[i].VariesSeed));
        if (varied.Length > 0) yield return new(VariedSeeds, varied);
        if (request.DrawsSeeds || request.CellSeeds.Count > 0)
            yield return new(CellSeeds, string.Join(' ', plan.Cells.Select(cell => Seeds.Text(cell.Request.Seeds[0]))));
    }

    static IEnumerable<KeyValuePair<string, string>> Base(GridRequest request, InfoText first)
    {
        string[] labels = [.. request.Axes.Select(choice => choice.Axis?.Label ?? "")];
        string? parted = request.Matrix is null ? null : request.Matrix.OfNegative ? "Grid negative prompt" : "Grid prompt";
        return GridBaseField.Untold(request.Each, first, labels).Where(field => field.Key != parted);
    }
}
