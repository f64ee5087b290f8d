namespace Lowrank.Training;

/// <summary>How short rows share one.</summary>
public enum RowPacking
{
    /// <summary>They do not.</summary>
    None,

    /// <summary>Whole rows, the longest first, each where it fits best; what is longer than a row is cut (TRL's <c>bfd</c>).</summary>
    BestFit,

    /// <summary>The same, and what is longer than a row is parted (TRL's <c>bfd_split</c>).</summary>
    BestFitSplit,

    /// <summary>One row behind the other, parted wherever a row is full; documents see each other (TRL's <c>wrapped</c>).</summary>
    Wrapped,
}
