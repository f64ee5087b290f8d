namespace Lowrank.Training;

/// <summary>Examples that are learnt in one go. All of a batch have one size; another batch may have another.</summary>
/// <param name="Number">Its number, counted from the run's beginning.</param>
/// <param name="Items">Indices of its examples.</param>
public sealed record Batch(long Number, IReadOnlyList<int> Items);
