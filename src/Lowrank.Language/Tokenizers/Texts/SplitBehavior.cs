namespace Lowrank.Language;

/// <summary>Where what a pattern found goes when a text is split at it.</summary>
enum SplitBehavior
{
    /// <summary>Away.</summary>
    Removed,

    /// <summary>Into a piece of its own.</summary>
    Isolated,

    /// <summary>To the end of the piece before.</summary>
    MergedWithPrevious,

    /// <summary>To the beginning of the piece after.</summary>
    MergedWithNext,

    /// <summary>Matches that follow each other into one piece.</summary>
    Contiguous,
}
