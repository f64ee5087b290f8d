namespace Lowrank.Adapters;

/// <summary>How a LoRA is made.</summary>
/// <param name="Rank">Rank of the factors, 1 or more.</param>
/// <param name="Alpha">Numerator of the scale; null or 0 means the rank.</param>
public sealed record LoraOptions(int Rank, double? Alpha = null) : MethodOptions(Rank, Alpha)
{
    /// <summary>Scale alpha/√rank in place of alpha/rank (rsLoRA, arXiv 2312.03732). Files hold alpha·√rank, which every reader gets right.</summary>
    public bool RankStabilized { get; init; }

    /// <summary>Whether a convolution with a kernel gets a core of its own between two pointwise factors (Tucker, "CP").</summary>
    public bool Tucker { get; init; }

    /// <summary>Share of the rank activations that is dropped while training, 0 ≤ p &lt; 1 (kohya's network_dropout).</summary>
    public double Dropout { get; init; }

    /// <summary>Share of the ranks that is dropped per sample while training, 0 ≤ p &lt; 1.</summary>
    public double RankDropout { get; init; }

    /// <summary>Chance that a target's adapter is left out of a training step, 0 ≤ p &lt; 1.</summary>
    public double ModuleDropout { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults()) yield return fault;
        (string, double)[] shares = [(nameof(Dropout), Dropout), (nameof(RankDropout), RankDropout), (nameof(ModuleDropout), ModuleDropout)];
        foreach (var (name, chance) in shares)
            if (!(chance >= 0 && chance < 1)) yield return $"{name} {chance} is not a share of 0 or more and below 1";
    }
}
