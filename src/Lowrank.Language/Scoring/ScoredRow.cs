namespace Lowrank.Language;

/// <summary>What a model holds of a row's tokens.</summary>
/// <param name="Row">Number of the row, from 0.</param>
/// <param name="LogProbabilities">Natural log-probabilities of the tokens that were asked for, in order.</param>
/// <param name="Likeliest">How many of these were the likeliest token of all.</param>
public sealed record ScoredRow(int Row, float[] LogProbabilities, int Likeliest)
{
    /// <summary>The log-probability of all of them together.</summary>
    public double Sum => LogProbabilities.Sum(one => (double)one);
}
