namespace Lowrank.Language;

/// <summary>BLEU as NIST's mteval-v13a.pl computes it, which the E2E challenge published (0 to 1; it prints four decimals).</summary>
public static class MtevalBleu
{
    /// <summary>Of texts, in its own words.</summary>
    public static double Of(IReadOnlyList<ScoredText> texts) => Of(BleuCounts.Of(ScoredWords.Of(texts, MtevalWords.AsciiLowerCase)));

    /// <summary>Of counts; 0 where an order has no hit.</summary>
    public static double Of(BleuCounts counts)
    {
        if (counts.Hits.Any(hits => hits == 0)) return 0;
        return counts.Score(counts.Hits.Zip(counts.Totals, (hits, total) => (double)hits / total));
    }
}
