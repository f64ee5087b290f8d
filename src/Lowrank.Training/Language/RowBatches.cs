namespace Lowrank.Training;

/// <summary>Rows of texts as batches, in an order of each pass's own.</summary>
/// <param name="rows">The rows.</param>
/// <param name="collator">How rows become a batch.</param>
/// <param name="order">Which are learnt together.</param>
/// <param name="liesFlat">Whether the rows of a batch lie behind one another, without filling.</param>
/// <param name="device">Where batches lie.</param>
sealed class RowBatches(
    IReadOnlyList<LearnedRow> rows, RowCollator collator, IBatches order, bool liesFlat, Device device) : ILanguageBatches
{
    public int PerEpoch => order.PerEpoch;

    public LanguageExamples this[long number]
    {
        get
        {
            LearnedRow[] taken = [.. order[number].Items.Select(item => rows[item])];
            return new((liesFlat ? collator.Flat(taken) : collator.Stacked(taken)).On(device));
        }
    }

    public double CountedTokens(long number) => order[number].Items.Sum(item => Counted(rows[item]));

    // Laid flat, no document's first token counts.
    int Counted(LearnedRow row)
    {
        if (!liesFlat || row.Documents is not { } documents) return row.Counted;
        var firsts = new HashSet<int>();
        int place = 0;
        foreach (int length in documents)
        {
            firsts.Add(place);
            place += length;
        }
        return row.Labels.Where((label, at) => label != LearnedRow.NotCounted && !firsts.Contains(at)).Count();
    }
}
