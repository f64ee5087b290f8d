namespace Lowrank.Adapters;

/// <summary>What is combined.</summary>
public enum CombinationSpace
{
    /// <summary>The factors, side by side: exact, and the rank is the sum of ranks.</summary>
    Stacked,
    /// <summary>
    /// The downs among themselves, and the ups: products of one adapter's up with
    /// another's down come in, so that it is not the sum of changes.
    /// </summary>
    Factors,
    /// <summary>The changes themselves, decomposed to a rank.</summary>
    Changes,
}
