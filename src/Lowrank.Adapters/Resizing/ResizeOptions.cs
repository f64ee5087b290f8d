namespace Lowrank.Adapters;

/// <summary>How an adapter is resized.</summary>
/// <param name="Rank">The rank that each layer gets.</param>
public sealed record ResizeOptions(RankChoice Rank)
{
    /// <summary>Whether a change without factors is decomposed in full rather than by random projections.</summary>
    public bool FullSvd { get; init; }

    /// <summary>By what share the error of random projections may exceed that of the full decomposition.</summary>
    public double Tolerance { get; init; } = 0.01;

    /// <summary>The base model's weights, for methods whose change depends on them.</summary>
    public WeightSource? Weights { get; init; }

    /// <summary>
    /// kohya's rules: every convolution, 1×1 too, takes the rank of convolutions, and no rule gives more than these ranks.
    /// </summary>
    /// <param name="rank">The rank, or its limit under a rule.</param>
    /// <param name="convolutionRank">That of convolutions; null takes the same.</param>
    /// <param name="rule">"sv_ratio", "sv_fro" or "sv_cumulative"; null gives every layer the rank itself.</param>
    /// <param name="parameter">The rule's number.</param>
    /// <exception cref="LowrankException">No such rule, or its number is out of its range.</exception>
    public static ResizeOptions Kohya(int rank, int? convolutionRank = null, string? rule = null, double parameter = 0)
    {
        RankRule Limited(int limit) => rule is null ? RankRule.Fixed(limit) : RankRule.Named(rule, parameter) with { Most = limit };
        return new(new RankChoice(Limited(rank), Limited(convolutionRank ?? rank)) { PointwiseIsConvolution = true });
    }
}
