namespace Lowrank.Language;

/// <summary>NIST as mteval-v13a.pl computes it, which the E2E challenge published (it prints four decimals). Rows with many references
/// weigh more in the length it expects.</summary>
public static class MtevalNist
{
    /// <summary>Of texts, in its own words.</summary>
    public static double Of(IReadOnlyList<ScoredText> texts)
    {
        var counts = NistCounts.Of(ScoredWords.Of(texts, MtevalWords.AsciiLowerCase));
        return counts.Score * counts.Penalty(counts.ReferenceWords / ((double)counts.References / counts.Rows));
    }
}
