namespace Lowrank.Language;

/// <summary>A share of what was written that is right, and of what is right that was written.</summary>
/// <param name="Precision">0 to 1.</param>
/// <param name="Recall">0 to 1.</param>
public readonly record struct PrecisionRecall(double Precision, double Recall)
{
    /// <summary>Their harmonic mean; 0 where both are.</summary>
    public double F => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);

    /// <summary>Of counts; 0 where there is nothing.</summary>
    public static PrecisionRecall Of(int shared, int hypothesis, int reference) =>
        new((double)shared / Math.Max(1, hypothesis), (double)shared / Math.Max(1, reference));
}
