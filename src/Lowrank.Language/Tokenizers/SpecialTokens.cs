namespace Lowrank.Language;

/// <summary>The ids of the tokens that have a part to play; null where the files name none.</summary>
public sealed record SpecialTokens
{
    /// <summary>Begins a text.</summary>
    public int? Begin { get; init; }

    /// <summary>Ends a text.</summary>
    public int? End { get; init; }

    /// <summary>Fills rows up.</summary>
    public int? Pad { get; init; }

    /// <summary>Stands for what is unknown.</summary>
    public int? Unknown { get; init; }

    /// <summary>Stands between two texts.</summary>
    public int? Separator { get; init; }

    /// <summary>Stands for a class of the whole text.</summary>
    public int? Class { get; init; }

    /// <summary>Stands for what is to be guessed.</summary>
    public int? Mask { get; init; }
}
