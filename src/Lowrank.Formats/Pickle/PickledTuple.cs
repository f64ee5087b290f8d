namespace Lowrank.Formats;

/// <summary>A tuple; unlike a list, it never changes.</summary>
sealed record PickledTuple(object?[] Items);
