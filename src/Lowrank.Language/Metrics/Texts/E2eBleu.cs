namespace Lowrank.Language;

/// <summary>BLEU as tuetschek/e2e-metrics computes it in Python (0 to 1).</summary>
public static class E2eBleu
{
    // What stands in for no hits and for no runs.
    const double NoHits = 1e-15, NoRuns = 1e-9;

    /// <summary>Of texts, in mteval's words without case.</summary>
    public static double Of(IReadOnlyList<ScoredText> texts) => Of(Counts(texts));

    /// <summary>What it is made of.</summary>
    public static BleuCounts Counts(IReadOnlyList<ScoredText> texts) =>
        BleuCounts.Of(ScoredWords.Of(texts, MtevalWords.LowerCase), belowZero: true);

    /// <summary>Of one text, with one more of every count (its smoothing).</summary>
    public static double PlusOne(ScoredText text) => Of(Counts([text]), more: 1);

    /// <summary>Of counts.</summary>
    /// <param name="counts">Hits and totals of each order.</param>
    /// <param name="more">Added to both.</param>
    public static double Of(BleuCounts counts, int more = 0) => counts.Score(
        counts.Hits.Zip(counts.Totals, (hits, total) => Math.Max(hits + more, NoHits) / Math.Max(total + more, NoRuns)));
}
