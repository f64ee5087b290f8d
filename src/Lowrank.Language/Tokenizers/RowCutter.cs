namespace Lowrank.Language;

/// <summary>Cuts rows to a length and fills them up to one.</summary>
static class RowCutter
{
    /// <summary>Cuts the rows of one text, or of a pair, so that with what is added they have the length.</summary>
    /// <exception cref="LowrankException">What is to be cut is shorter than what has to go.</exception>
    public static void Cut(List<TokenRow> rows, Truncation truncation, int added)
    {
        int room = Math.Max(truncation.MaxLength - added, 0), total = rows.Sum(row => row.Count);
        if (total <= room) return;
        if (rows.Count == 1)
        {
            CutTo(rows[0], room, truncation.CutsLeft);
            return;
        }
        if (truncation.Strategy == TruncationStrategy.LongestFirst)
        {
            var (first, second) = Lengths(rows[0].Count, rows[1].Count, room);
            CutTo(rows[0], first, truncation.CutsLeft);
            CutTo(rows[1], second, truncation.CutsLeft);
            return;
        }
        var target = rows[truncation.Strategy == TruncationStrategy.OnlyFirst ? 0 : 1];
        if (target.Count <= total - room)
            throw new LowrankException(
                $"A pair of {total} tokens is to have {room}, and {truncation.Strategy} has only {target.Count} to cut. " +
                "Cut the longest first, or allow more tokens.");
        CutTo(target, target.Count - (total - room), truncation.CutsLeft);
    }

    // The longer is cut to the room that the shorter leaves; where both are too long they have a half each.
    static (int First, int Second) Lengths(int first, int second, int room)
    {
        int shorter = Math.Min(first, second);
        int longer = shorter > room ? shorter : Math.Max(shorter, room - shorter);
        if (shorter + longer > room) (shorter, longer) = (room / 2, room / 2 + room % 2);
        return first > second ? (longer, shorter) : (shorter, longer);
    }

    static void CutTo(TokenRow row, int length, bool left)
    {
        if (row.Count <= length) return;
        row.Remove(left ? 0 : length, row.Count - length);
    }

    /// <summary>Fills a row up.</summary>
    public static TokenizedText Filled(TokenizedText row, Padding padding, int length)
    {
        length = (length + padding.MultipleOf - 1) / padding.MultipleOf * padding.MultipleOf;
        int missing = length - row.Ids.Count;
        if (missing <= 0) return row;
        return row with
        {
            Ids = With(row.Ids, padding.Id),
            Offsets = With(row.Offsets, (0, 0)),
            TypeIds = With(row.TypeIds, padding.TypeId),
            Added = With(row.Added, 1),
            Mask = With(row.Mask, 0),
        };

        T[] With<T>(IReadOnlyList<T> values, T filling)
        {
            var fillings = Enumerable.Repeat(filling, missing);
            return padding.OnLeft ? [.. fillings, .. values] : [.. values, .. fillings];
        }
    }
}
