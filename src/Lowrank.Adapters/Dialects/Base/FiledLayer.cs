namespace Lowrank.Adapters;

/// <summary>An adapted layer as it stands in a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Name">The layer's name there.</param>
/// <param name="Method">The method whose parts it has.</param>
public sealed record FiledLayer(ITensorFile File, string Name, MethodDescriptor Method);
