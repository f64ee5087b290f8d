namespace Lowrank.Language;

/// <summary>chrF as sacreBLEU computes it (0 to 100).</summary>
/// <param name="WordOrder">Runs of words that count besides characters: 0 for chrF, 2 for chrF++.</param>
public sealed record Chrf(int WordOrder = 0)
{
    const int CharacterOrder = 6;

    /// <summary>Of texts: the counts of each row's best reference together.</summary>
    public double Of(IReadOnlyList<ScoredText> texts) => 100 * Together(texts, counts => counts.OfMeans()).OfMeans();

    /// <summary>As WebNLG's GenerationEval computes it, the mean of each order's F (0 to 1).</summary>
    public double MeanOfOrders(IReadOnlyList<ScoredText> texts) => Together(texts, counts => counts.MeanOfEach()).MeanOfEach();

    ChrfCounts Together(IReadOnlyList<ScoredText> texts, Func<ChrfCounts, double> score)
    {
        var sum = ChrfCounts.None(CharacterOrder + WordOrder);
        foreach (var text in texts)
            sum.Add(text.References.Select(reference => ChrfCounts.Of(text.Hypothesis, reference, CharacterOrder, WordOrder))
                .MaxBy(score)!);
        return sum;
    }
}
