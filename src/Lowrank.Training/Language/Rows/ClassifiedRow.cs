namespace Lowrank.Training;

/// <summary>A text or a pair as ids.</summary>
/// <param name="Ids">The ids, with the tokens that the tokenizer puts around.</param>
/// <param name="Segments">0 for the first text and 1 for the second, as the model's kind has it.</param>
sealed record ClassifiedRow(IReadOnlyList<int> Ids, IReadOnlyList<int> Segments)
{
    /// <summary>The rows as a batch without labels of tokens; segments only where some are 1.</summary>
    public static LanguageBatch Stacked(IReadOnlyList<ClassifiedRow> rows, RowCollator collator, int? length = null)
    {
        var batch = collator.Stacked([.. rows.Select(row => LearnedRow.From(row.Ids, row.Ids.Count))], length);
        if (rows.All(row => row.Segments.All(segment => segment == 0))) return batch;
        var segments = collator.Stacked([.. rows.Select(row => new LearnedRow(row.Segments, row.Segments))], (int)batch.Ids.shape[1]);
        var types = segments.Ids * segments.Mask;
        segments.Dispose();
        return batch with { Segments = types };
    }
}
