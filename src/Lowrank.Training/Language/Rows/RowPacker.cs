namespace Lowrank.Training;

/// <summary>Short rows in one, as TRL's pack_dataset lays them. Each block of 1000 rows is packed alone.</summary>
static class RowPacker
{
    const int Block = 1000;

    /// <summary>Packs rows.</summary>
    /// <param name="rows">The rows; empty ones vanish.</param>
    /// <param name="packing">How.</param>
    /// <param name="length">The tokens of a packed row.</param>
    public static List<LearnedRow> Pack(IReadOnlyList<LearnedRow> rows, RowPacking packing, int length)
    {
        var packed = new List<LearnedRow>();
        foreach (var block in rows.Chunk(Block))
            packed.AddRange(packing == RowPacking.Wrapped ? Wrapped(block, length) : BestFit(block, length, packing));
        return packed;
    }

    static IEnumerable<LearnedRow> Wrapped(IReadOnlyList<LearnedRow> rows, int length)
    {
        var all = LearnedRow.Joined(rows) with { Documents = null };
        for (int start = 0; start < all.Ids.Count; start += length) yield return all.Part(start, length);
    }

    static IEnumerable<LearnedRow> BestFit(IReadOnlyList<LearnedRow> rows, int length, RowPacking packing)
    {
        var pieces = rows.SelectMany(row => packing == RowPacking.BestFit ? [row.Cut(length, keepsEnd: false)] : Parted(row, length))
            .Where(row => row.Ids.Count > 0).OrderByDescending(row => row.Ids.Count);   // OrderBy keeps equal ones in order
        var bins = new List<List<LearnedRow>>();
        var open = new SortedDictionary<int, Queue<int>>();   // bins by the room that is left, in the order in which they got it
        foreach (var piece in pieces)
        {
            int needed = piece.Ids.Count;
            int room = open.Keys.FirstOrDefault(left => left >= needed, length);
            int bin = bins.Count;
            if (open.TryGetValue(room, out var waiting))
            {
                bin = waiting.Dequeue();
                if (waiting.Count == 0) open.Remove(room);
            }
            else bins.Add([]);
            bins[bin].Add(piece);
            if (room > needed) Waiting(open, room - needed).Enqueue(bin);
        }
        return bins.Select(LearnedRow.Joined);
    }

    static Queue<int> Waiting(SortedDictionary<int, Queue<int>> open, int room)
    {
        if (!open.TryGetValue(room, out var waiting)) open[room] = waiting = new();
        return waiting;
    }

    static IEnumerable<LearnedRow> Parted(LearnedRow row, int length)
    {
        for (int start = 0; start < row.Ids.Count; start += length) yield return row.Part(start, length);
    }
}
