namespace Lowrank.Language;

/// <summary>
/// METEOR 1.5 for English with its first two modules, equal words and equal stems (0 to 1). It lacks word nets and the paraphrase table:
/// not comparable with the METEOR of papers, which is why it is not called that. Its list of function words is not METEOR's own.
/// </summary>
public static class ExactStemMeteor
{
    /// <summary>Of texts, from the counts of all rows together.</summary>
    /// <param name="texts">As they are; METEOR parts them into words itself.</param>
    /// <param name="stems">Whether words of one stem match.</param>
    public static double Of(IReadOnlyList<ScoredText> texts, bool stems = true)
    {
        var rows = ScoredWords.Of(texts, MeteorWords.Of);
        return rows.Select(row => Best(row, stems)).Aggregate((sum, row) => sum + row).Score;
    }

    /// <summary>Of texts as E2E's scripts give them to METEOR: PTB words without punctuation.</summary>
    public static double OfE2e(IReadOnlyList<ScoredText> texts) =>
        Of([.. texts.Select(text => new ScoredText(PtbWords.Text(text.Hypothesis), [.. text.References.Select(PtbWords.Text)]))]);

    /// <summary>Of one text: the best of its references.</summary>
    public static double Of(ScoredText text, bool stems = true) => Of([text], stems);

    static MeteorCounts Best(ScoredWords row, bool stems) =>
        row.References.Select(reference => new MeteorAlignment(row.Hypothesis, reference, stems).Counts()).MaxBy(counts => counts.Score)!;
}
