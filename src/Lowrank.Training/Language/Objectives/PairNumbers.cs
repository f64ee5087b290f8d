namespace Lowrank.Training;

/// <summary>What the losses of pairs are made of; all of shape (pairs), float32.</summary>
/// <param name="PolicyChosen">Summed log-probabilities of the chosen answers.</param>
/// <param name="PolicyRejected">Those of the rejected ones.</param>
/// <param name="ReferenceChosen">What the reference holds of the chosen.</param>
/// <param name="ReferenceRejected">What it holds of the rejected.</param>
sealed record PairNumbers(Tensor PolicyChosen, Tensor PolicyRejected, Tensor ReferenceChosen, Tensor ReferenceRejected)
{
    /// <summary>log π/π_ref of the chosen answers.</summary>
    public required Tensor Chosen { get; init; }

    /// <summary>log π/π_ref of the rejected ones.</summary>
    public required Tensor Rejected { get; init; }

    /// <summary>The chosen answers' ratios by the divergence that is chosen.</summary>
    public required Tensor ChosenScore { get; init; }

    /// <summary>The rejected ones'.</summary>
    public required Tensor RejectedScore { get; init; }

    /// <summary>How many tokens of each chosen answer count, 1 at least.</summary>
    public required Tensor ChosenTokens { get; init; }

    /// <summary>How many of each rejected one.</summary>
    public required Tensor RejectedTokens { get; init; }

    /// <summary>The mean negative log-probability of the chosen answers' tokens, one number.</summary>
    public required Tensor ChosenLoss { get; init; }

    /// <summary>Its options.</summary>
    public required DpoOptions Options { get; init; }

    /// <summary>What ratios may be apart where the policy is its reference: four units in the last place of the sums.</summary>
    public Tensor Rounding => PolicyChosen.detach().abs().maximum(PolicyRejected.detach().abs()) * (4 * Math.Pow(2, -23));

    /// <summary>By how much the chosen answer's score is the higher.</summary>
    public Tensor Delta => ChosenScore - RejectedScore;

    /// <summary>The same of scores per token.</summary>
    public Tensor MeanDelta => ChosenScore / ChosenTokens - RejectedScore / RejectedTokens;
}
