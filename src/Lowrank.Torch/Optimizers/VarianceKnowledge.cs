namespace Lowrank.Torch;

/// <summary>How well a mean of squares is known after some steps (Liu et al., arXiv 1908.03265, equations 4 and 5).</summary>
/// <param name="Length">Length of the moving average that it amounts to; above 4 its variance is finite.</param>
/// <param name="Longest">What that length comes to in the end.</param>
readonly record struct VarianceKnowledge(double Length, double Longest)
{
    /// <summary>After some steps.</summary>
    /// <param name="steps">From 1 up.</param>
    /// <param name="beta">Share of the mean of squares that a step keeps.</param>
    public static VarianceKnowledge After(double steps, double beta)
    {
        double longest = 2 / (1 - beta) - 1, power = Math.Pow(beta, steps);
        return new(longest - 2 * steps * power / (1 - power), longest);
    }

    /// <summary>What multiplies the step, where the length is above 4.</summary>
    public double Rectification =>
        Math.Sqrt((Length - 4) * (Length - 2) * Longest / ((Longest - 4) * (Longest - 2) * Length));
}
