namespace Lowrank.Training;

/// <summary>What is made less, and what is told beside it.</summary>
/// <param name="Loss">A number with its history, float32; it belongs to the caller's scope.</param>
/// <param name="Metrics">Numbers under the names that TRL has for them; one that a batch does not have is missing.</param>
public sealed record ObjectiveLoss(Tensor Loss, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>Whether the loss is this batch's share of the step's, weighed by <see cref="ObjectiveInput.CountedTokens"/>: such losses of
    /// micro-batches add up; others are averaged.</summary>
    public bool IsShare { get; init; }
}
