namespace Lowrank.Language;

/// <summary>NIST as the Python half of tuetschek/e2e-metrics computes it, which the LoRA repository uses. The published figures are
/// <see cref="MtevalNist"/>.</summary>
public static class E2eNist
{
    /// <summary>Of texts, in mteval's words without case.</summary>
    public static double Of(IReadOnlyList<ScoredText> texts)
    {
        var counts = NistCounts.Of(ScoredWords.Of(texts, MtevalWords.LowerCase), belowZero: true);
        return counts.Score * counts.Penalty(counts.MeanReferenceLength);
    }
}
