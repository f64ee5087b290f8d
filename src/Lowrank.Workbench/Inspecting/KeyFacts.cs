namespace Lowrank.Workbench;

/// <summary>One tensor of a file.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Dtype">Its element type, as in the safetensors header.</param>
/// <param name="Shape">Axis lengths.</param>
public sealed record KeyFacts(string Name, string Dtype, long[] Shape);
