namespace Lowrank.Language;

/// <summary>Labels that were predicted beside those that are right: accuracy, F1, Matthews.</summary>
public sealed class Classification
{
    readonly IReadOnlyList<int> labels, predictions;

    /// <summary>Right labels and predicted ones, row by row.</summary>
    /// <exception cref="LowrankException">There are none, or not as many of each.</exception>
    public Classification(IReadOnlyList<int> labels, IReadOnlyList<int> predictions)
    {
        if (labels.Count == 0 || labels.Count != predictions.Count)
            throw new LowrankException($"{labels.Count} labels and {predictions.Count} predictions cannot be compared: " +
                "one of each for every row.");
        (this.labels, this.predictions) = (labels, predictions);
    }

    /// <summary>The share of rows that are right.</summary>
    public double Accuracy => (double)Rows.Count(row => row.Label == row.Prediction) / labels.Count;

    /// <summary>F1 of one class: twice its hits over how often it is right and how often it was predicted; 0 where neither is.</summary>
    public double F1(int positive = 1)
    {
        int hits = Rows.Count(row => row.Label == positive && row.Prediction == positive);
        int stated = labels.Count(label => label == positive) + predictions.Count(label => label == positive);
        return stated == 0 ? 0 : 2.0 * hits / stated;
    }

    /// <summary>The mean F1 of the classes that occur.</summary>
    public double MacroF1 => Classes.Average(F1);

    /// <summary>Matthews' correlation (−1 to 1), of two classes or more; 0 where all labels or all predictions are the same.</summary>
    public double Matthews
    {
        get
        {
            double rows = labels.Count, correct = Rows.Count(row => row.Label == row.Prediction);
            double both = 0, labelSquares = 0, predictionSquares = 0;
            foreach (int one in Classes)
            {
                double right = labels.Count(label => label == one), predicted = predictions.Count(label => label == one);
                both += right * predicted;
                labelSquares += right * right;
                predictionSquares += predicted * predicted;
            }
            double spread = (rows * rows - predictionSquares) * (rows * rows - labelSquares);
            return spread == 0 ? 0 : (correct * rows - both) / Math.Sqrt(spread);
        }
    }

    IEnumerable<(int Label, int Prediction)> Rows => labels.Zip(predictions);

    IEnumerable<int> Classes => labels.Concat(predictions).Distinct().Order();
}
