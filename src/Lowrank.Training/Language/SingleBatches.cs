namespace Lowrank.Training;

/// <summary>Answers that are good or bad by themselves as batches; the rows beside them are made of each batch as it lies.</summary>
/// <param name="rows">The rows.</param>
/// <param name="collator">How rows become a batch.</param>
/// <param name="order">Which are learnt together.</param>
/// <param name="device">Where batches lie.</param>
/// <param name="isMatched">Whether each prompt is asked with another row's answer too.</param>
sealed class SingleBatches(
    IReadOnlyList<UnpairedRow> rows, PreferenceCollator collator, IBatches order, Device device, bool isMatched) : ILanguageBatches
{
    public int PerEpoch => order.PerEpoch;

    public LanguageExamples this[long number]
    {
        get
        {
            var taken = Taken(number);
            var made = collator.Single(isMatched ? UnpairedRow.Matched(taken) : taken);
            return new(made.Rows.On(device)) { Mismatched = made.Mismatched?.On(device), Wanted = made.Wanted.to(device) };
        }
    }

    public double CountedTokens(long number) => Taken(number).Sum(row => row.Answer.Count);

    /// <summary>Batches of the first pass whose answers are of one kind, and those that have one row.</summary>
    public (int OfOneKind, int OfOneRow) Poor()
    {
        var first = Enumerable.Range(0, PerEpoch).Select(number => Taken(number)).ToList();
        return (first.Count(batch => batch.All(row => row.IsGood == batch[0].IsGood)), first.Count(batch => batch.Length == 1));
    }

    UnpairedRow[] Taken(long number) => [.. order[number].Items.Select(item => rows[item])];
}
