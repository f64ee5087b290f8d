namespace Lowrank.Training;

/// <summary>Rows as a batch.</summary>
/// <param name="pad">The id that fills rows up.</param>
/// <param name="multipleOf">A number that the batch's length is a multiple of; 1 for any.</param>
/// <param name="onLeft">Whether rows are filled up on the left.</param>
sealed class RowCollator(int pad, int multipleOf = 1, bool onLeft = false)
{
    /// <summary>Rows below one another, the shorter ones filled up.</summary>
    public LanguageBatch Stacked(IReadOnlyList<LearnedRow> rows, int? length = null)
    {
        int width = Rounded(length ?? rows.Max(row => row.Ids.Count));
        var (ids, mask) = (Filled(rows.Count, width, pad), Filled(rows.Count, width, 0));
        long[,] labels = Filled(rows.Count, width, LearnedRow.NotCounted);
        bool hasDocuments = rows.Any(row => row.Documents is not null);
        var (positions, documents) = (Filled(rows.Count, width, 0), Filled(rows.Count, width, 0));
        for (int row = 0; row < rows.Count; row++)
        {
            int start = onLeft ? width - rows[row].Ids.Count : 0;
            Lay(rows[row], row, start, ids, mask, labels);
            if (hasDocuments) Number(rows[row], row, start, positions, documents, first: 1);
        }
        if (hasDocuments) return new(On(ids), On(mask), On(labels), On(positions), On(documents));
        return new(On(ids), On(mask), On(labels));
    }

    /// <summary>Rows behind one another in one, positions beginning anew with each document; a document's first token does not
    /// count.</summary>
    public LanguageBatch Flat(IReadOnlyList<LearnedRow> rows)
    {
        int width = Rounded(rows.Sum(row => row.Ids.Count));
        var (ids, mask, labels) = (Filled(1, width, pad), Filled(1, width, 0), Filled(1, width, LearnedRow.NotCounted));
        var (positions, documents) = (Filled(1, width, 0), Filled(1, width, 0));
        int start = 0, document = 1;
        foreach (var row in rows)
        {
            Lay(row, 0, start, ids, mask, labels);
            document = Number(row, 0, start, positions, documents, document);
            start += row.Ids.Count;
        }
        for (int at = 0; at < start; at++)
            if (positions[0, at] == 0) labels[0, at] = LearnedRow.NotCounted;
        return new(On(ids), On(mask), On(labels), On(positions), On(documents));
    }

    static void Lay(LearnedRow row, int at, int start, long[,] ids, long[,] mask, long[,] labels)
    {
        for (int i = 0; i < row.Ids.Count; i++)
            (ids[at, start + i], mask[at, start + i], labels[at, start + i]) = (row.Ids[i], 1, row.Labels[i]);
    }

    // The number of the document after the row's last.
    static int Number(LearnedRow row, int at, int start, long[,] positions, long[,] documents, int first)
    {
        int place = start, document = first;
        foreach (int length in row.Documents ?? [row.Ids.Count])
        {
            for (int i = 0; i < length; i++, place++) (positions[at, place], documents[at, place]) = (i, document);
            document++;
        }
        return document;
    }

    static Tensor On(long[,] values) => tensor(values, device: CPU);

    int Rounded(int length) => (length + multipleOf - 1) / multipleOf * multipleOf;

    static long[,] Filled(int rows, int width, long value)
    {
        var filled = new long[rows, width];
        for (int row = 0; row < rows; row++)
            for (int at = 0; at < width; at++) filled[row, at] = value;
        return filled;
    }
}
