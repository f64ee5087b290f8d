namespace Lowrank.Training;

/// <summary>Advantages weighed by how much likelier an answer became since it was written, and no further than a bound (PPO).</summary>
static class RatioClip
{
    /// <summary>The loss of each token or answer, in the shape of <paramref name="weight"/>, and how many ratios were held.</summary>
    /// <param name="weight">Ratios (B, T − 1) of tokens or (B, 1) of answers.</param>
    /// <param name="advantages">(B, 1).</param>
    /// <param name="counted">1 where a token counts, (B, T − 1).</param>
    /// <param name="bounds">How far below 1 and above 1 a ratio counts, and the largest of all.</param>
    /// <param name="metrics">What is told.</param>
    public static Tensor Loss(
        Tensor weight, Tensor advantages, Tensor counted, (double Low, double High, double? Largest) bounds,
        Dictionary<string, double> metrics)
    {
        var held = weight.clamp(1 - bounds.Low, 1 + bounds.High);
        var free = bounds.Largest is { } largest ? weight.clamp_max(largest) : weight;
        AddMetrics(free, advantages, counted, bounds.Low, bounds.High, metrics);
        return -(free * advantages).minimum(held * advantages);
    }

    static void AddMetrics(
        Tensor weight, Tensor advantages, Tensor counted, double low, double high, Dictionary<string, double> metrics)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var isLow = weight.lt(1 - low).logical_and(advantages.lt(0));
        var isHigh = weight.gt(1 + high).logical_and(advantages.gt(0));
        metrics["clip_ratio/low_mean"] = Mean(isLow, counted).ToDouble();
        metrics["clip_ratio/low_min"] = ByRow(isLow, counted).min().ToDouble();
        metrics["clip_ratio/high_mean"] = Mean(isHigh, counted).ToDouble();
        metrics["clip_ratio/high_max"] = ByRow(isHigh, counted).max().ToDouble();
        metrics["clip_ratio/region_mean"] = Mean(isLow.logical_or(isHigh), counted).ToDouble();
    }

    /// <summary>The share of tokens that count, or of answers.</summary>
    public static Tensor Mean(Tensor isSo, Tensor counted) =>
        IsOfAnswers(isSo, counted) ? isSo.to(ScalarType.Float32).mean() : Completions.Mean(isSo, counted);

    static Tensor ByRow(Tensor isSo, Tensor counted) =>
        IsOfAnswers(isSo, counted) ? isSo.to(ScalarType.Float32).squeeze(1) : Completions.Means(isSo, counted);

    static bool IsOfAnswers(Tensor x, Tensor counted) => x.shape[1] == 1 && counted.shape[1] != 1;
}
