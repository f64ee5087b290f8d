namespace Lowrank.Training;

/// <summary>Answers that are good or bad by themselves as batches, in the order of their file: the rows beside them hang on it.</summary>
/// <param name="rows">The rows.</param>
/// <param name="collator">How rows become a batch.</param>
/// <param name="batchSize">Rows of a batch.</param>
/// <param name="device">Where batches lie.</param>
sealed class SingleBatches(IReadOnlyList<UnpairedRow> rows, PreferenceCollator collator, int batchSize, Device device) : ILanguageBatches
{
    public int PerEpoch => (rows.Count + batchSize - 1) / batchSize;

    public LanguageExamples this[long number]
    {
        get
        {
            var made = collator.Single([.. Taken(number)]);
            return new(made.Rows.On(device)) { Mismatched = made.Mismatched?.On(device), Wanted = made.Wanted.to(device) };
        }
    }

    public double CountedTokens(long number) => Taken(number).Sum(row => row.Answer.Count);

    IEnumerable<UnpairedRow> Taken(long number) => rows.Skip((int)(number % PerEpoch) * batchSize).Take(batchSize);
}
