namespace Lowrank.Language;

/// <summary>CIDEr-D (Vedantam et al. 2015, arXiv:1411.5726) times ten, as the COCO scripts compute it: shared runs weighed by how few
/// rows have them.</summary>
public static class Cider
{
    const int Orders = 4;

    // The spread of the penalty for another length.
    const double Sigma = 6;

    /// <summary>The mean over texts, in PTB words.</summary>
    public static double Of(IReadOnlyList<ScoredText> texts) => OfEach(ScoredWords.Of(texts, PtbWords.Of)).Average();

    /// <summary>Of each row; how rare a run is, is counted over these rows.</summary>
    public static double[] OfEach(IReadOnlyList<ScoredWords> rows)
    {
        var holders = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var runs = Enumerable.Range(1, Orders).SelectMany(order => row.References.SelectMany(words => NGrams.Of(words, order).Keys));
            foreach (string run in runs.Distinct(StringComparer.Ordinal)) NGrams.Add(holders, run, 1);
        }
        double logRows = Math.Log(rows.Count);
        return [.. rows.Select(row => Of(row, holders, logRows))];
    }

    static double Of(ScoredWords row, Dictionary<string, int> holders, double logRows)
    {
        var hypothesis = new RareRuns(row.Hypothesis, holders, logRows);
        double sum = 0;
        foreach (var words in row.References) sum += Similarity(hypothesis, new(words, holders, logRows));
        return 10 * sum / Orders / row.References.Count;
    }

    static double Similarity(RareRuns hypothesis, RareRuns reference)
    {
        double difference = hypothesis.Bigrams - reference.Bigrams;
        double sum = 0;
        for (int order = 0; order < Orders; order++)
        {
            double shared = 0;
            foreach (var (run, weight) in hypothesis.Weights[order])
                if (reference.Weights[order].TryGetValue(run, out double other)) shared += Math.Min(weight, other) * other;
            double norms = hypothesis.Norm(order) * reference.Norm(order);
            sum += norms == 0 ? shared : shared / norms;
        }
        return sum * Math.Exp(-difference * difference / (2 * Sigma * Sigma));
    }

    // A text as weights of its runs: how often, times the logarithm of one over the share of rows that have the run.
    sealed class RareRuns
    {
        internal RareRuns(IReadOnlyList<string> words, Dictionary<string, int> holders, double logRows)
        {
            for (int order = 1; order <= Orders; order++)
                Weights[order - 1] = NGrams.Of(words, order).ToDictionary(
                    pair => pair.Key, pair => pair.Value * (logRows - Math.Log(Math.Max(1, holders.GetValueOrDefault(pair.Key)))),
                        StringComparer.Ordinal);
            Bigrams = Math.Max(0, words.Count - 1);
        }

        internal Dictionary<string, double>[] Weights { get; } = new Dictionary<string, double>[Orders];

        internal int Bigrams { get; }

        internal double Norm(int order) => Math.Sqrt(Weights[order].Values.Sum(weight => weight * weight));
    }
}
