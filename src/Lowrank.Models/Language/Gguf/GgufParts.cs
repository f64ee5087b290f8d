namespace Lowrank.Models;

/// <summary>What a GGUF file holds of a model.</summary>
/// <param name="First">Keys that stand before all that is said of the file in general.</param>
/// <param name="Entries">The model's keys.</param>
/// <param name="Tensors">Its tensors, in the folder's order; they read from the folder, which must stay open.</param>
public sealed record GgufParts(IReadOnlyList<GgufEntry> First, IReadOnlyList<GgufEntry> Entries, IReadOnlyList<TensorSource> Tensors)
{
    /// <summary>What of the model they do not hold, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How many numbers the tensors hold.</summary>
    public long Parameters => Tensors.Sum(tensor => tensor.Info.Count);
}
