namespace Lowrank.Language;

/// <summary>ROUGE-L as the COCO scripts compute it, which E2E is told in (0 to 1): the longest common row of words, recall weighing
/// more.</summary>
public static class CocoRougeL
{
    const double Beta = 1.2;

    /// <summary>The mean over texts, in PTB words.</summary>
    public static double Of(IReadOnlyList<ScoredText> texts) => Of(ScoredWords.Of(texts, PtbWords.Of));

    /// <summary>The mean over rows of words.</summary>
    public static double Of(IReadOnlyList<ScoredWords> rows) => rows.Average(Of);

    /// <summary>Of one row: the best precision and the best recall, which need not be of the same reference.</summary>
    public static double Of(ScoredWords row)
    {
        double precision = 0, recall = 0;
        foreach (var reference in row.References)
        {
            int common = LongestCommon.Length(row.Hypothesis, reference);
            if (common == 0) continue;
            precision = Math.Max(precision, (double)common / row.Hypothesis.Count);
            recall = Math.Max(recall, (double)common / reference.Count);
        }
        if (precision == 0 || recall == 0) return 0;
        return (1 + Beta * Beta) * precision * recall / (recall + Beta * Beta * precision);
    }
}
