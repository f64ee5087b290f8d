namespace Lowrank.Training;

/// <summary>Examples that are learnt in one go. All of a batch have one size; another batch may have another.</summary>
/// <param name="Items">Indices of its examples.</param>
public sealed record Batch(IReadOnlyList<int> Items);
