namespace Lowrank.Adapters;

/// <summary>What is saved of an adapter, and where.</summary>
/// <param name="Path">The file, or the folder of a dialect that writes one.</param>
/// <param name="Adapter">The adapter.</param>
/// <param name="Model">The model whose paths are spelled.</param>
/// <param name="Tensors">Its tensors as the dialect spells them.</param>
/// <param name="Metadata">The metadata of the file.</param>
public sealed record SavedAdapter(
    string Path,
    Adapter Adapter,
    ModelDescription Model,
    IReadOnlyList<KeyValuePair<string, Tensor>> Tensors,
    IReadOnlyDictionary<string, string> Metadata);
