namespace Lowrank.Language;

/// <summary>NLTK's corpus_bleu with its third smoothing: orders without a hit count half a hit, the next a quarter, and so on (0 to
/// 1).</summary>
public static class NltkBleu
{
    /// <summary>Of texts that are split at white space already.</summary>
    public static double Of(IReadOnlyList<ScoredText> texts)
    {
        var rows = ScoredWords.Of(texts, WhiteSpaceWords.Of);
        var counts = BleuCounts.Of(rows);
        if (counts.Hits[0] == 0) return 0;
        var precisions = new double[BleuCounts.Orders];
        int halvings = 0;
        for (int order = 0; order < BleuCounts.Orders; order++)
        {
            // A text that is too short for an order counts as one that has missed.
            double total = counts.Totals[order] + rows.Count(row => row.Hypothesis.Count <= order);
            precisions[order] = counts.Hits[order] > 0 ? counts.Hits[order] / total : 1 / (Math.Pow(2, ++halvings) * total);
        }
        return counts.Score(precisions);
    }
}
