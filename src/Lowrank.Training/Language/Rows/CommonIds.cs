namespace Lowrank.Training;

/// <summary>Where two rows of ids part.</summary>
static class CommonIds
{
    /// <summary>How many ids both begin with.</summary>
    public static int Count(IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        int shorter = Math.Min(first.Count, second.Count);
        for (int at = 0; at < shorter; at++)
            if (first[at] != second[at]) return at;
        return shorter;
    }
}
