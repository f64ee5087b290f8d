namespace Lowrank.Training;

/// <summary>Pairs and single answers as batches.</summary>
/// <param name="rows">How rows become a batch.</param>
/// <param name="options">The limit, and which end is cut; without a limit for rows that are cut already.</param>
sealed class PreferenceCollator(RowCollator rows, RowOptions options)
{
    /// <summary>The chosen rows, then the rejected ones, cut to the limit.</summary>
    public PreferenceBatch Pairs(IReadOnlyList<PairRow> pairs) =>
        new(rows.Stacked([.. pairs.Select(pair => Cut(pair.Chosen)), .. pairs.Select(pair => Cut(pair.Rejected))]));

    /// <summary>The margins of pairs, (pairs), float32; null where the data have none.</summary>
    public static Tensor? Margins(IReadOnlyList<PairRow> pairs) => pairs.All(pair => pair.Margin is not null)
        ? tensor(pairs.Select(pair => (float)pair.Margin!.Value).ToArray(), device: CPU) : null;

    /// <summary>Single answers, and beside them the same prompts with other rows' answers.</summary>
    public UnpairedBatch Single(IReadOnlyList<UnpairedRow> batch)
    {
        var own = rows.Stacked([.. batch.Select(row => Row(row.Prompt, row.Answer))]);
        bool hasOthers = batch.All(row => row.Mismatched is not null);
        var others = hasOthers ? rows.Stacked([.. batch.Select(row => Row(row.Prompt, row.Mismatched!))]) : null;
        return new(own, others, tensor(batch.Select(row => row.IsGood).ToArray(), device: CPU));
    }

    /// <summary>Tokens of a single answer that count, as it is learnt.</summary>
    public int Counted(UnpairedRow row) => Row(row.Prompt, row.Answer).Counted;

    LearnedRow Row(IReadOnlyList<int> prompt, IReadOnlyList<int> answer) => Cut(LearnedRow.From([.. prompt, .. answer], prompt.Count));

    LearnedRow Cut(LearnedRow row) => row.Cut(options.MaxLength, options.KeepsEnd);
}
