namespace Lowrank.Adapters;

/// <summary>One adapted layer of a file.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Method">The method.</param>
/// <param name="Rank">Rank of the factors.</param>
/// <param name="Out">Output channels; null where the part that tells is missing.</param>
/// <param name="In">Input channels; null where the part that tells is missing.</param>
/// <param name="Kernel">Kernel sizes; empty for a linear layer.</param>
/// <param name="Keys">Keys by part.</param>
/// <param name="Alpha">Alpha over the rank, if the file holds one or a configuration tells it.</param>
/// <param name="Norm">Frobenius norm of the change of weight and bias at strength 1, if it was measured.</param>
public sealed record AdapterModule(
    string Name, string Method, long Rank, long? Out, long? In, long[] Kernel, IReadOnlyDictionary<string, string> Keys,
    double? Alpha, double? Norm)
{
    /// <summary>Whether it keeps the norms of channels apart (DoRA).</summary>
    public bool HasDora => Keys.ContainsKey(Dora.Part);

    /// <summary>
    /// Whether an alpha stands beside factors that are whole, where it is no scale (LoKr): programs write any number there.
    /// </summary>
    public bool IsUnscaled => Method == Lokr.Descriptor.Name && Rank == 0 && Keys.ContainsKey("alpha");
}
