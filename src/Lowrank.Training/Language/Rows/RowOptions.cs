namespace Lowrank.Training;

/// <summary>How examples become rows.</summary>
public sealed record RowOptions
{
    /// <summary>The most tokens of a row; null for any number. Default 1024.</summary>
    public int? MaxLength { get; init; } = 1024;

    /// <summary>Whether a row that is too long loses its beginning. Default false: its end.</summary>
    public bool KeepsEnd { get; init; }

    /// <summary>Whether only the answer counts; null where the data part prompt and answer.</summary>
    public bool? CompletionOnly { get; init; }

    /// <summary>Whether only what the assistant says counts. Default false.</summary>
    public bool AssistantOnly { get; init; }

    /// <summary>By whose rules. Default TRL's.</summary>
    public RowWay Way { get; init; } = RowWay.Trl;

    /// <summary>How short rows share one. Default not.</summary>
    public RowPacking Packing { get; init; } = RowPacking.None;

    /// <summary>Whether the rows of a batch lie behind one another, without filling. Default false; best fit implies it.</summary>
    public bool PaddingFree { get; init; }

    /// <summary>Whether the rows of a batch lie behind one another by what is set.</summary>
    public bool LiesFlat => PaddingFree || Packing is RowPacking.BestFit or RowPacking.BestFitSplit;

    /// <summary>What of it does not go together.</summary>
    /// <exception cref="LowrankException">Something does not.</exception>
    public void Check()
    {
        if (MaxLength is < 1) throw new LowrankException($"the most tokens of a row is {MaxLength}. Give 1 or more.");
        if (Packing != RowPacking.None && MaxLength is null)
            throw new LowrankException("rows are packed to a length, and there is none. Give the most tokens of a row.");
        bool cutsNothing = PaddingFree && Packing == RowPacking.None && MaxLength is not null;
        if (cutsNothing) throw new LowrankException($"rows without filling are not cut, and the most tokens of a row is {MaxLength}. " +
            "Pack them, or give no length.");
    }
}
