namespace Lowrank.Language;

/// <summary>How numbers that were predicted go with those that are right.</summary>
public static class Correlation
{
    /// <summary>Pearson's correlation (−1 to 1); NaN where one side never changes.</summary>
    public static double Pearson(IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        Check(labels, predictions);
        double labelMean = labels.Average(), predictionMean = predictions.Average();
        double both = 0, labelSquares = 0, predictionSquares = 0;
        foreach (var (label, prediction) in labels.Zip(predictions))
        {
            double x = label - labelMean, y = prediction - predictionMean;
            both += x * y;
            labelSquares += x * x;
            predictionSquares += y * y;
        }
        return both / Math.Sqrt(labelSquares * predictionSquares);
    }

    /// <summary>Spearman's: Pearson's of the ranks; equal numbers share the mean of theirs.</summary>
    public static double Spearman(IReadOnlyList<double> labels, IReadOnlyList<double> predictions) =>
        Pearson(Ranks(labels), Ranks(predictions));

    /// <summary>The mean squared difference.</summary>
    public static double MeanSquaredError(IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        Check(labels, predictions);
        return labels.Zip(predictions, (label, prediction) => (label - prediction) * (label - prediction)).Average();
    }

    static double[] Ranks(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(at => values[at])];
        var ranks = new double[values.Count];
        for (int start = 0; start < order.Length;)
        {
            int end = start + 1;
            while (end < order.Length && values[order[end]] == values[order[start]]) end++;
            for (int i = start; i < end; i++) ranks[order[i]] = (start + end + 1) / 2.0;
            start = end;
        }
        return ranks;
    }

    static void Check(IReadOnlyList<double> labels, IReadOnlyList<double> predictions)
    {
        if (labels.Count == 0 || labels.Count != predictions.Count)
            throw new LowrankException($"{labels.Count} labels and {predictions.Count} predictions cannot be compared: " +
                "one of each for every row.");
    }
}
