namespace Lowrank.Training;

/// <summary>Rows with labels as batches.</summary>
/// <param name="rows">The rows.</param>
/// <param name="aim">What their labels are.</param>
/// <param name="collator">How rows become a batch.</param>
/// <param name="order">Which are learnt together.</param>
/// <param name="device">Where batches lie.</param>
sealed class HeadBatches(IReadOnlyList<HeadRow> rows, HeadAim aim, RowCollator collator, IBatches order, Device device) : ILanguageBatches
{
    public int PerEpoch => order.PerEpoch;

    public LanguageExamples this[long number]
    {
        get
        {
            HeadRow[] taken = [.. order[number].Items.Select(item => rows[item])];
            var batch = ClassifiedRow.Stacked([.. taken.Select(row => new ClassifiedRow(row.Ids, row.Segments))], collator);
            return new(batch.On(device)) { Targets = Targets(taken, (int)batch.Ids.shape[1]).to(device) };
        }
    }

    public double CountedTokens(long number) => order[number].Items.Sum(item => rows[item].Counted(aim));

    Tensor Targets(HeadRow[] taken, int length) => aim switch
    {
        HeadAim.Number => tensor(taken.Select(row => (float)row.Wanted[0]).ToArray(), device: CPU),
        HeadAim.Class => tensor(taken.Select(row => (long)row.Wanted[0]).ToArray(), device: CPU),
        HeadAim.Several => Table(taken, taken[0].Wanted.Count, 0).to(ScalarType.Float32),
        HeadAim.Span => Table(taken, 2, 0),
        _ => Table(taken, length, LanguageBatch.NotCounted),
    };

    static Tensor Table(HeadRow[] taken, int width, long filling)
    {
        long[,] values = new long[taken.Length, width];
        for (int row = 0; row < taken.Length; row++)
            for (int at = 0; at < width; at++)
                values[row, at] = at < taken[row].Wanted.Count ? (long)taken[row].Wanted[at] : filling;
        return tensor(values, device: CPU);
    }
}
