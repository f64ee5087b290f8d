namespace Lowrank.Training;

/// <summary>Pairs of answers as batches.</summary>
/// <param name="pairs">The pairs.</param>
/// <param name="collator">How pairs become a batch.</param>
/// <param name="order">Which are learnt together.</param>
/// <param name="device">Where batches lie.</param>
sealed class PairBatches(IReadOnlyList<PairRow> pairs, PreferenceCollator collator, IBatches order, Device device) : ILanguageBatches
{
    public int PerEpoch => order.PerEpoch;

    public LanguageExamples this[long number]
    {
        get
        {
            PairRow[] taken = [.. order[number].Items.Select(item => pairs[item])];
            return new(collator.Pairs(taken).Rows.On(device)) { Margins = PreferenceCollator.Margins(taken)?.to(device) };
        }
    }

    public double CountedTokens(long number) =>
        order[number].Items.Sum(item => pairs[item].Chosen.Counted + pairs[item].Rejected.Counted);
}
