namespace Lowrank.Training;

/// <summary>Which rows share a batch.</summary>
sealed record RowBatchOptions
{
    /// <summary>Rows in a batch. Default 8.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>The run's seed.</summary>
    public long Seed { get; init; }

    /// <summary>Whether each pass has an order of its own. Default true; false keeps the rows' order.</summary>
    public bool Shuffles { get; init; } = true;

    /// <summary>Whether rows of like length share a batch. Default false.</summary>
    public bool GroupsByLength { get; init; }

    /// <summary>Whether a batch's rows lie behind one another in one. Default false.</summary>
    public bool LiesFlat { get; init; }
}
