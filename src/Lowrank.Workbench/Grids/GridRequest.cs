namespace Lowrank.Workbench;

/// <summary>Pictures that differ in up to three settings, laid out in one.</summary>
/// <param name="Each">What all of them have in common: one prompt and one seed. Its output is where they go.</param>
/// <param name="Axes">Columns, rows, and grids side by side.</param>
public sealed record GridRequest(GeneratingRequest Each, IReadOnlyList<GridChoice<GeneratingRequest>> Axes) : IJobRequest
{
    /// <summary>White pixels between pictures, from 0.</summary>
    public int Margin { get; init; } = PictureGrid.UsualMargin;

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        foreach (string fault in (Each with { Grid = true }).Faults()) yield return fault;
        if (Axes.Count is < 1 or > 3) yield return $"a grid has one to three axes, and {Axes.Count} were given";
        if (Each.Prompts.Count > 1)
            yield return $"a grid over axes takes one prompt, and {Each.Prompts.Count} were given; " +
                "put them on an axis: \"prompt: a cat, a dog\"";
        if (Each.Seeds.Count > 1)
            yield return $"a grid over axes takes one seed, and {Each.Seeds.Count} were given; " +
                $"put them on an axis: \"seed: 1-{Each.Seeds.Count}\"";
        if (Margin < 0) yield return $"the margin of a grid is {Margin}; it must be 0 or more";
    }
}
