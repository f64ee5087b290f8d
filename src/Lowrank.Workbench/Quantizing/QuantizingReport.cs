namespace Lowrank.Workbench;

/// <summary>What was written of a language model in other bits.</summary>
/// <param name="Input">What was read.</param>
/// <param name="Output">What was written.</param>
/// <param name="Type">In which bits.</param>
/// <param name="BytesBefore">Bytes of the input's files that hold weights.</param>
/// <param name="Bytes">The same of what was written.</param>
/// <param name="Tensors">Tensors by type, most first.</param>
/// <param name="Notes">What the user should know.</param>
public sealed record QuantizingReport(string Input, string Output, string Type, long BytesBefore, long Bytes,
    IReadOnlyDictionary<string, int> Tensors, IReadOnlyList<string> Notes);
