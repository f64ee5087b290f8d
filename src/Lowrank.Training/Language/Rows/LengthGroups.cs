namespace Lowrank.Training;

/// <summary>An order in which rows of like length stand together (transformers' group_by_length).</summary>
static class LengthGroups
{
    // Batches in a stretch that is sorted by length.
    const int Stretch = 50;

    /// <summary>The order, sorted by length in stretches of 50 batches, the longest first; the longest of all comes first, so that a lack
    /// of memory shows at once.</summary>
    /// <param name="order">Rows in a random order.</param>
    /// <param name="lengths">Tokens of each row.</param>
    /// <param name="batchSize">Rows in a batch.</param>
    public static int[] Of(IReadOnlyList<int> order, IReadOnlyList<int> lengths, int batchSize)
    {
        int size = Math.Min(Math.Max(1, order.Count / (batchSize * 4)), Stretch) * batchSize;
        var stretches = order.Chunk(size).Select(stretch => stretch.OrderByDescending(row => lengths[row]).ToArray()).ToList();
        if (stretches.Count == 0) return [];
        int longest = stretches.IndexOf(stretches.MaxBy(stretch => lengths[stretch[0]])!);
        (stretches[0][0], stretches[longest][0]) = (stretches[longest][0], stretches[0][0]);
        return [.. stretches.SelectMany(stretch => stretch)];
    }
}
