namespace Lowrank.Adapters;

/// <summary>One named tensor of a method.</summary>
/// <param name="Name">Its name among the method's parts.</param>
/// <param name="Shape">Its shape in terms of out, in, rank and kernel.</param>
/// <param name="Required">Whether a file must hold it.</param>
/// <param name="IsWhole">Whether it may hold integers: a flag, indices.</param>
/// <param name="IsShared">Whether all of an adapter's targets hold the same one, which a file holds once.</param>
public sealed record PartDescriptor(string Name, string Shape, bool Required = true, bool IsWhole = false, bool IsShared = false);
