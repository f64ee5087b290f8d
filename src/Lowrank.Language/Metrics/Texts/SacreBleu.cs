namespace Lowrank.Language;

/// <summary>BLEU as sacreBLEU computes it (0 to 100).</summary>
public sealed record SacreBleu
{
    /// <summary>The words that are counted; <see cref="MtevalWords.Of"/> ("13a") by default.</summary>
    public Func<string, IReadOnlyList<string>> Words { get; init; } = MtevalWords.Of;

    /// <summary>Whether case is left out of account.</summary>
    public bool LowerCase { get; init; }

    /// <summary>What is done with orders that have no hit.</summary>
    public BleuSmoothing Smoothing { get; init; } = BleuSmoothing.Exponential;

    /// <summary>The number that <see cref="BleuSmoothing.Floor"/> (0.1 where null) or <see cref="BleuSmoothing.AddK"/> (1) takes.</summary>
    public double? SmoothingValue { get; init; }

    /// <summary>The score of all rows together.</summary>
    public double Of(IReadOnlyList<ScoredText> texts) => Of(texts, everyOrder: true);

    /// <summary>The score of one row: orders that are longer than the text are left out.</summary>
    public double Of(ScoredText text) => Of([text], everyOrder: false);

    /// <summary>What the score is made of.</summary>
    public BleuCounts Counts(IReadOnlyList<ScoredText> texts) =>
        BleuCounts.Of(ScoredWords.Of(texts, text => Words(LowerCase ? text.ToLowerInvariant() : text)));

    double Of(IReadOnlyList<ScoredText> texts, bool everyOrder)
    {
        var counts = Counts(texts);
        if (counts.Hits.All(hits => hits == 0)) return 0;
        var precisions = Precisions(counts);
        bool lacksOrder = everyOrder && precisions.Length < BleuCounts.Orders;
        return lacksOrder || precisions.Contains(0) ? 0 : 100 * counts.Score(precisions);
    }

    /// <summary>The smoothed precisions (0 to 1) of the orders that the texts are long enough for.</summary>
    public double[] Precisions(BleuCounts counts)
    {
        var precisions = new List<double>();
        double halved = 1;
        for (int order = 0; order < BleuCounts.Orders; order++)
        {
            double hits = counts.Hits[order], total = counts.Totals[order];
            if (Smoothing == BleuSmoothing.AddK && order > 0)
            {
                hits += SmoothingValue ?? 1;
                total += SmoothingValue ?? 1;
            }
            if (total == 0) break;
            if (hits == 0) hits = InsteadOfNone(ref halved);
            precisions.Add(hits / total);
        }
        return [.. precisions];
    }

    double InsteadOfNone(ref double halved)
    {
        if (Smoothing == BleuSmoothing.Floor) return SmoothingValue ?? 0.1;
        if (Smoothing != BleuSmoothing.Exponential) return 0;
        return halved /= 2;
    }
}
