namespace Lowrank.Adapters;

/// <summary>Which rank a layer gets: by its singular values, convolutions apart.</summary>
/// <param name="Linear">For linear layers and convolutions of kernel 1.</param>
/// <param name="Convolution">For convolutions with a larger kernel; null takes the same.</param>
public sealed record RankChoice(RankRule Linear, RankRule? Convolution = null)
{
    /// <summary>Whether convolutions of kernel 1 count as convolutions, as in kohya's resizing.</summary>
    public bool PointwiseIsConvolution { get; init; }

    /// <summary>The same rank everywhere.</summary>
    public static RankChoice Fixed(int rank, int? convolution = null) =>
        new(RankRule.Fixed(rank), convolution is { } other ? RankRule.Fixed(other) : null);

    /// <summary>The rule for a layer.</summary>
    public RankRule For(Target target) =>
        Convolution is not null && (target.IsSpatial || PointwiseIsConvolution && target.IsConvolution) ? Convolution : Linear;
}
