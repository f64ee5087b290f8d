namespace Lowrank.Language;

/// <summary>A row of tokens, and which of them are asked for their log-probability.</summary>
/// <param name="Ids">The tokens.</param>
/// <param name="Counted">Places of those that are asked for, in order, from 1: nothing foretells the first.</param>
public sealed record ScoringRow(IReadOnlyList<int> Ids, IReadOnlyList<int> Counted)
{
    /// <summary>A row that counts from a place on.</summary>
    /// <param name="ids">The tokens.</param>
    /// <param name="first">The first place that counts, 1 or more.</param>
    public static ScoringRow From(IReadOnlyList<int> ids, int first = 1)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new(ids, [.. Enumerable.Range(first, Math.Max(0, ids.Count - first))]);
    }
}
