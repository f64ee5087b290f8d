namespace Lowrank.Training;

/// <summary>What the losses of pairs are made of; all of shape (pairs), float32.</summary>
/// <param name="PolicyChosen">Summed log-probabilities of the chosen answers.</param>
/// <param name="PolicyRejected">Those of the rejected ones.</param>
/// <param name="ReferenceChosen">What the reference holds of the chosen.</param>
/// <param name="ReferenceRejected">What it holds of the rejected.</param>
sealed record PairNumbers(Tensor PolicyChosen, Tensor PolicyRejected, Tensor ReferenceChosen, Tensor ReferenceRejected)
{
    /// <summary>log π/π_ref of the chosen answers.</summary>
    public Tensor Chosen { get; } = PolicyChosen - ReferenceChosen;

    /// <summary>log π/π_ref of the rejected ones.</summary>
    public Tensor Rejected { get; } = PolicyRejected - ReferenceRejected;

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

    /// <summary>By how much the chosen answer's score is the higher.</summary>
    public Tensor Delta => ChosenScore - RejectedScore;

    /// <summary>The same of scores per token.</summary>
    public Tensor MeanDelta => ChosenScore / ChosenTokens - RejectedScore / RejectedTokens;
}
