namespace Lowrank.Training;

/// <summary>Rows in batches, pass after pass.</summary>
/// <param name="rows">The rows.</param>
/// <param name="collator">How rows become a batch.</param>
/// <param name="options">Which share one.</param>
sealed class RowBatches(IReadOnlyList<LearnedRow> rows, RowCollator collator, RowBatchOptions options) : ILanguageBatches
{
    readonly BatchOrder shuffled = new([.. Enumerable.Repeat(1, rows.Count)], rows.Count, options.Seed);
    readonly int[] lengths = [.. rows.Select(row => row.Ids.Count)];
    (long Number, int[] Order) pass = (-1, []);

    /// <inheritdoc/>
    public int PerEpoch => (rows.Count + options.BatchSize - 1) / options.BatchSize;

    /// <inheritdoc/>
    public LanguageExamples this[long number]
    {
        get
        {
            var taken = Rows(number);
            return new(options.LiesFlat ? collator.Flat(taken) : collator.Stacked(taken));
        }
    }

    /// <inheritdoc/>
    public double CountedTokens(long number) => Rows(number).Sum(Counted);

    /// <summary>The rows of a batch, in their order.</summary>
    public IReadOnlyList<LearnedRow> Rows(long number)
    {
        var (wanted, index) = Math.DivRem(number, PerEpoch);
        if (pass.Number != wanted) pass = (wanted, Order(wanted));
        return [.. pass.Order.Skip((int)index * options.BatchSize).Take(options.BatchSize).Select(row => rows[row])];
    }

    // Flat rows count no document's first token.
    int Counted(LearnedRow row)
    {
        if (!options.LiesFlat || row.Documents is null) return row.Counted;
        int counted = 0, start = 0;
        foreach (int length in row.Documents)
        {
            counted += row.Labels.Skip(start + 1).Take(length - 1).Count(label => label != LearnedRow.NotCounted);
            start += length;
        }
        return counted;
    }

    int[] Order(long number)
    {
        int[] order = options.Shuffles ? [.. shuffled[number].Items] : [.. Enumerable.Range(0, rows.Count)];
        return options.GroupsByLength ? LengthGroups.Of(order, lengths, options.BatchSize) : order;
    }
}
