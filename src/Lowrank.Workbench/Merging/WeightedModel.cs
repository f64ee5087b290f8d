namespace Lowrank.Workbench;

/// <summary>A base model with its weight in a sum.</summary>
/// <param name="Path">Folder or file.</param>
/// <param name="Weight">Its weight.</param>
public sealed record WeightedModel(string Path, double Weight);
