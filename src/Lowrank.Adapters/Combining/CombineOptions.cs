namespace Lowrank.Adapters;

/// <summary>How adapters are combined.</summary>
public sealed record CombineOptions
{
    /// <summary>The rank of combinations that decompose; null takes the largest rank that is combined.</summary>
    public RankChoice? Rank { get; init; }

    /// <summary>The share of entries that pruning keeps, above 0 and at most 1.</summary>
    public double Density { get; init; } = 0.5;

    /// <summary>How TIES elects signs.</summary>
    public MajoritySign Majority { get; init; }

    /// <summary>
    /// The quantile at which the factors of a decomposition are clamped (see <see cref="FactorClamp"/>); null does not clamp.
    /// </summary>
    public double? Clamp { get; init; }

    /// <summary>Seed of random pruning.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// Masks of random pruning by shape, 1 for what is kept, in place of drawn ones: for each target
    /// those of every down and then of every up, or of every change.
    /// </summary>
    public Func<long[], Tensor>? Masks { get; init; }

    /// <summary>Whether changes without factors are decomposed in full rather than by random projections.</summary>
    public bool FullSvd { get; init; }

    /// <summary>The base model's weights, for methods whose change depends on them.</summary>
    public WeightSource? Weights { get; init; }

    internal void Check()
    {
        if (Density is not (> 0 and <= 1))
            throw new LowrankException($"a density is above 0 and at most 1, and {PlainValue.Text(Density)} was given");
        if (Clamp is not (null or >= 0 and <= 1))
            throw new LowrankException($"a quantile to clamp at is between 0 and 1, and {PlainValue.Text(Clamp)} was given");
    }
}
