namespace Lowrank.Language;

/// <summary>What every BLEU is made of: runs of one to four words that are in the references, summed over all rows.</summary>
/// <param name="Hits">For each order the runs that a reference has, each as often as the one that has it most often.</param>
/// <param name="Totals">For each order the runs of the hypotheses.</param>
/// <param name="HypothesisLength">Words of the hypotheses.</param>
/// <param name="ReferenceLength">Words of the references that are closest in length, of two the shorter.</param>
public sealed record BleuCounts(long[] Hits, long[] Totals, long HypothesisLength, long ReferenceLength)
{
    /// <summary>Orders that are counted.</summary>
    public const int Orders = 4;

    /// <summary>The counts of rows.</summary>
    /// <param name="rows">Hypotheses and references as words.</param>
    /// <param name="belowZero">Whether a hypothesis of fewer words than an order lowers that order's total, as e2e-metrics has it.</param>
    public static BleuCounts Of(IEnumerable<ScoredWords> rows, bool belowZero = false)
    {
        var hits = new long[Orders];
        var totals = new long[Orders];
        long length = 0, reference = 0;
        foreach (var row in rows)
        {
            for (int order = 1; order <= Orders; order++)
            {
                hits[order - 1] += NGrams.Shared(NGrams.Of(row.Hypothesis, order), NGrams.Highest(row.References, order));
                totals[order - 1] += NGrams.Number(row.Hypothesis.Count, order, belowZero);
            }
            length += row.Hypothesis.Count;
            reference += Closest(row);
        }
        return new(hits, totals, length, reference);
    }

    /// <summary>1, or less where the hypotheses are shorter than the references.</summary>
    public double BrevityPenalty
    {
        get
        {
            if (HypothesisLength > ReferenceLength) return 1;
            return HypothesisLength == 0 ? 0 : Math.Exp(1 - (double)ReferenceLength / HypothesisLength);
        }
    }

    /// <summary>The geometric mean of the orders' precisions, less where the hypotheses are too short.</summary>
    internal double Score(IEnumerable<double> precisions) =>
        BrevityPenalty * Math.Exp(precisions.Average(precision => Math.Log(precision)));

    static int Closest(ScoredWords row) =>
        row.References.Select(words => words.Count).OrderBy(count => Math.Abs(count - row.Hypothesis.Count)).ThenBy(count => count).First();
}
