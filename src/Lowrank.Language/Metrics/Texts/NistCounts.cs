namespace Lowrank.Language;

/// <summary>What both NIST scores are made of (Doddington 2002): shared runs weighed by how much they tell.</summary>
/// <param name="Information">For each order what the shared runs tell, in bits.</param>
/// <param name="Totals">For each order the runs of the hypotheses.</param>
/// <param name="HypothesisLength">Words of the hypotheses.</param>
/// <param name="MeanReferenceLength">Each row's mean reference length, summed.</param>
/// <param name="ReferenceWords">Words of all references.</param>
/// <param name="References">Number of all references.</param>
/// <param name="Rows">Number of rows.</param>
public sealed record NistCounts(
    double[] Information, long[] Totals, long HypothesisLength, double MeanReferenceLength, long ReferenceWords, long References, int Rows)
{
    /// <summary>Orders that are counted.</summary>
    public const int Orders = 5;

    /// <summary>The counts of rows.</summary>
    /// <param name="rows">Hypotheses and references as words.</param>
    /// <param name="belowZero">Whether a hypothesis of fewer words than an order lowers that order's total, as e2e-metrics has it.</param>
    public static NistCounts Of(IReadOnlyList<ScoredWords> rows, bool belowZero = false)
    {
        var references = ReferenceRuns(rows);
        long words = rows.Sum(row => row.References.Sum(reference => (long)reference.Count));
        var information = new double[Orders];
        var totals = new long[Orders];
        foreach (var row in rows)
            for (int order = 1; order <= Orders; order++)
            {
                information[order - 1] += Shared(row, order, references, words);
                totals[order - 1] += NGrams.Number(row.Hypothesis.Count, order, belowZero);
            }
        return new(information, totals, rows.Sum(row => (long)row.Hypothesis.Count), rows.Sum(row => row.References.Average(r => r.Count)),
            words, rows.Sum(row => row.References.Count), rows.Count);
    }

    /// <summary>The score before its penalty.</summary>
    public double Score => Information.Zip(Totals, (bits, total) => total == 0 ? 0 : bits / total).Sum();

    /// <summary>What takes away from texts that are shorter than references of <paramref name="referenceLength"/> words.</summary>
    public double Penalty(double referenceLength)
    {
        if (HypothesisLength == 0) return 0;
        // Two thirds of the length cost half the score.
        double beta = -Math.Log(0.5) / Math.Pow(Math.Log(1.5), 2);
        double ratio = Math.Min(1, HypothesisLength / referenceLength);
        return Math.Exp(-beta * Math.Pow(Math.Log(ratio), 2));
    }

    static Dictionary<string, int>[] ReferenceRuns(IReadOnlyList<ScoredWords> rows)
    {
        var runs = new Dictionary<string, int>[Orders];
        for (int order = 1; order <= Orders; order++)
        {
            runs[order - 1] = new(StringComparer.Ordinal);
            foreach (var reference in rows.SelectMany(row => row.References))
                foreach (var (run, count) in NGrams.Of(reference, order)) NGrams.Add(runs[order - 1], run, count);
        }
        return runs;
    }

    // info(w1..wn) = log2(count(w1..w(n-1)) / count(w1..wn))
    static double Shared(ScoredWords row, int order, Dictionary<string, int>[] references, long words)
    {
        var highest = NGrams.Highest(row.References, order);
        double bits = 0;
        foreach (var (run, count) in NGrams.Of(row.Hypothesis, order))
        {
            int shared = Math.Min(count, highest.GetValueOrDefault(run));
            if (shared == 0) continue;
            double before = order == 1 ? words : references[order - 2][run[..run.LastIndexOf(' ')]];
            bits += shared * Math.Log2(before / references[order - 1][run]);
        }
        return bits;
    }
}
