namespace Lowrank.Adapters;

/// <summary>What an adapter file holds.</summary>
/// <param name="Path">The file.</param>
/// <param name="Container">"safetensors", ...</param>
/// <param name="Dialect">The spelling; null if none is recognized.</param>
/// <param name="Family">Family of base models it looks made for: "sd1", "sd2", "sdxl"; null if its names and widths do not tell.</param>
/// <param name="Modules">The adapted layers.</param>
/// <param name="Dtypes">dtypes of its tensors.</param>
/// <param name="Parameters">Number of values in all tensors.</param>
/// <param name="Unplaced">Keys that follow no pattern of the dialect.</param>
/// <param name="OtherMethods">Methods that those keys tell of.</param>
/// <param name="Metadata">Metadata strings.</param>
public sealed record AdapterReport(
    string Path, string Container, string? Dialect, string? Family, IReadOnlyList<AdapterModule> Modules, IReadOnlyList<string> Dtypes, long Parameters,
    IReadOnlyList<string> Unplaced, IReadOnlyList<string> OtherMethods, IReadOnlyDictionary<string, string> Metadata);

/// <summary>One adapted layer of a file.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Method">The method.</param>
/// <param name="Rank">Rank of the factors.</param>
/// <param name="Out">Output channels; null where the part that tells is missing.</param>
/// <param name="In">Input channels; null where the part that tells is missing.</param>
/// <param name="Kernel">Kernel sizes; empty for a linear layer.</param>
/// <param name="Keys">Keys by part.</param>
/// <param name="Alpha">Alpha, if the file holds one.</param>
/// <param name="Norm">Frobenius norm of the change at strength 1, if it was measured.</param>
public sealed record AdapterModule(
    string Name, string Method, long Rank, long? Out, long? In, long[] Kernel, IReadOnlyDictionary<string, string> Keys, double? Alpha, double? Norm);
