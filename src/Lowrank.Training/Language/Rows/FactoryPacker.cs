namespace Lowrank.Training;

/// <summary>Short rows in one, as LLaMA-Factory lays them: the longest that still fits, again and again.</summary>
static class FactoryPacker
{
    /// <summary>Lengths in rows of a capacity, the longest first (greedy_knapsack).</summary>
    public static List<List<int>> Knapsacks(IEnumerable<int> lengths, int capacity)
    {
        var left = lengths.Order().ToList();
        var sacks = new List<List<int>>();
        while (left.Count > 0)
        {
            var sack = new List<int>();
            int room = capacity;
            for (int at = LastFitting(left, room); at >= 0; at = LastFitting(left, room))
            {
                room -= left[at];
                sack.Add(left[at]);
                left.RemoveAt(at);
            }
            if (sack.Count == 0)
                throw new LowrankException($"a row of {left[0]} tokens does not fit a length of {capacity}. Cut rows first.");
            sacks.Add(sack);
        }
        return sacks;
    }

    static int LastFitting(List<int> sorted, int room) => sorted.FindLastIndex(length => length <= room);

    /// <summary>The packed rows; of rows of equal length the last is taken first.</summary>
    public static List<LearnedRow> Pack(IReadOnlyList<LearnedRow> rows, int cutoff)
    {
        var waiting = rows.GroupBy(row => row.Ids.Count).ToDictionary(same => same.Key, same => new Stack<LearnedRow>(same));
        var sacks = Knapsacks(rows.Select(row => row.Ids.Count), cutoff);
        return [.. sacks.Select(sack => LearnedRow.Joined([.. sack.Select(length => waiting[length].Pop())]))];
    }
}
