namespace Lowrank.Torch;

/// <summary>A layer that a model has in two places: one object, so that whoever adapts it adapts both.</summary>
/// <param name="Path">The target's path, where it comes first.</param>
/// <param name="OtherPath">Its path in the other place.</param>
public sealed record SharedLayer(string Path, string OtherPath);
