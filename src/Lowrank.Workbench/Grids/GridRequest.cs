namespace Lowrank.Workbench;

/// <summary>Pictures that differ in up to three settings, or in parts of their prompt, laid out in one.</summary>
/// <param name="Each">What all of them have in common: one prompt and one seed. Its output is where they go.</param>
/// <param name="Axes">Columns, rows, and grids side by side; none where there is a matrix.</param>
public sealed record GridRequest(GeneratingRequest Each, IReadOnlyList<GridChoice<GeneratingRequest>> Axes) : IJobRequest
{
    /// <summary>A seed that is drawn for each cell, where <see cref="DrawsSeeds"/> says so.</summary>
    public const long Chance = -1;

    /// <summary>How parts of the prompt come together, between bars; null for a grid over axes.</summary>
    public MatrixForm? Matrix { get; init; }

    /// <summary>Whether each cell whose seed is <see cref="Chance"/> draws its own.</summary>
    public bool DrawsSeeds { get; init; }

    /// <summary>The seed of each cell in the order in which they are drawn; none leaves them as the rest says.</summary>
    public IReadOnlyList<long> CellSeeds { get; init; } = [];

    /// <summary>
    /// Whether the pictures are saved too where the grid goes into a file: in a folder of the file's name without its ending.
    /// </summary>
    public bool SavesPictures { get; init; }

    /// <summary>Whether of a third axis each grid is saved by itself too.</summary>
    public bool SavesParts { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        // What is saved beside the grid may hold graphs.
        var whole = Each with { Grid = true, EmbedsGraph = Each.EmbedsGraph && !SavesPictures };
        foreach (string fault in whole.Faults()) yield return fault;
        if (Matrix is null && Axes.Count is < 1 or > 3) yield return $"a grid has one to three axes, and {Axes.Count} were given.";
        if (Matrix is not null && Axes.Count > 0) yield return "a matrix and axes are two grids: leave `matrix` or `axis` out.";
        if (Each.Prompts.Count > 1)
            yield return $"a grid over axes takes one prompt, and {Each.Prompts.Count} were given; " +
                "put them on an axis: \"prompt: a cat, a dog\".";
        if (Each.Seeds.Count > 1)
            yield return $"a grid over axes takes one seed, and {Each.Seeds.Count} were given; " +
                $"put them on an axis: \"seed: {SeedsAsTyped()}\".";
        if (Matrix is { OfNegative: true } && string.IsNullOrEmpty(Each.Options.NegativePrompt))
            yield return "a matrix of the negative prompt needs one, with bars between its parts: `negative` \"blurry|dark\".";
        var once = Axes.Where(choice => choice.Axis is { Adds: false }).GroupBy(choice => choice.Axis!.Label);
        foreach (var twice in once.Where(same => same.Count() > 1))
            yield return $"{twice.Count()} axes are \"{twice.Key}\", and the last would take the others' place in every picture: " +
                $"put all values on one, as in \"{twice.First().Axis!.Name}: {string.Join(",", twice.Select(choice => choice.Text))}\".";
    }

    /// <inheritdoc/>
    /// <remarks>What stands on axes is found by each axis.</remarks>
    public IJobRequest Placed(Func<string, string> find) => this with { Each = (GeneratingRequest)Each.Placed(find) };

    string SeedsAsTyped()
    {
        bool countUp = Each.Seeds.Index().All(seed => seed.Item == Each.Seeds[0] + seed.Index);
        return countUp ? $"{Each.Seeds[0]}-{Each.Seeds[^1]}" : string.Join(",", Each.Seeds);
    }
}
