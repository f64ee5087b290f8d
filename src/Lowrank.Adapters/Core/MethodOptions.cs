namespace Lowrank;

/// <summary>What every method is asked for. What a method does not have it passes over.</summary>
/// <param name="Rank">Rank of the factors, 1 or more; the largest block of a rotation.</param>
/// <param name="Alpha">Numerator of the scale; null or 0 means the rank, so that the scale is 1.</param>
public record MethodOptions(int Rank, double? Alpha = null)
{
    /// <summary>
    /// Scale alpha/√rank in place of alpha/rank (rsLoRA, arXiv 2312.03732). Files hold alpha·√rank, which every reader gets right.
    /// </summary>
    public bool RankStabilized { get; init; }

    /// <summary>The axis along which DoRA keeps norms; null does without DoRA.</summary>
    public DoraAxis? Dora { get; init; }

    /// <summary>Whether DoRA's norm passes no gradient, as in the paper and PEFT; LyCORIS lets it pass.</summary>
    public bool DetachDoraNorm { get; init; }

    /// <summary>
    /// Whether a trained number, 0 at first, multiplies the change (LyCORIS's use_scalar), so that all factors may begin random.
    /// </summary>
    public bool LearnedScalar { get; init; }

    /// <summary>Whether a layer's own bias, where it has one, is trained whole too (PEFT's bias "lora_only").</summary>
    public bool TrainBias { get; init; }

    /// <summary>Share of the rank activations that is dropped while training, 0 ≤ p &lt; 1 (kohya's network_dropout).</summary>
    public double Dropout { get; init; }

    /// <summary>Share of the ranks that is dropped per sample while training, 0 ≤ p &lt; 1.</summary>
    public double RankDropout { get; init; }

    /// <summary>Chance that a target's adapter is left out of a training step, 0 ≤ p &lt; 1.</summary>
    public double ModuleDropout { get; init; }

    /// <summary>Whether rank dropout divides what it leaves by the mean of its mask (LyCORIS's rank_dropout_scale).</summary>
    public bool RankDropoutScale { get; init; }

    /// <summary>What dropouts drop; null means what the method says, and LyCORIS's with DoRA.</summary>
    public DropoutStyle? DropoutStyle { get; init; }

    /// <summary>
    /// Whether a file's alpha is 0, which switches the change off. As an option of training an alpha of 0 means the rank.
    /// </summary>
    public bool IsSwitchedOff { get; init; }

    /// <summary>What files hold as alpha: the rank where none is given, √rank times more where the scale is rank-stabilized.</summary>
    public double StoredAlpha(long rank)
    {
        if (IsSwitchedOff) return 0;
        return (Alpha is null or 0 ? rank : Alpha.Value) * (RankStabilized ? Math.Sqrt(rank) : 1);
    }

    /// <summary>The same with the alpha that a file holds; null means the rank.</summary>
    internal MethodOptions OfFile(double? alpha) => this with { Alpha = alpha, IsSwitchedOff = alpha == 0 };

    /// <summary>What is out of its range, one sentence each with the value; none when all is well.</summary>
    public virtual IEnumerable<string> Faults()
    {
        if (Rank < 1) yield return $"rank {Rank} is not 1 or more (4 to 64 are usual)";
        bool isAlpha = Alpha is null || Alpha >= 0 && double.IsFinite(Alpha.Value);
        if (!isAlpha) yield return $"alpha {PlainValue.Text(Alpha)} is not a finite number of 0 or more";
        (string, double)[] shares =
        [
            (nameof(Dropout), Dropout),
            (nameof(RankDropout), RankDropout),
            (nameof(ModuleDropout), ModuleDropout),
        ];
        foreach (var (name, chance) in shares)
            if (!(chance >= 0 && chance < 1)) yield return $"{name} {PlainValue.Text(chance)} is not a share of 0 or more and below 1";
    }
}
