namespace Lowrank.Formats;

/// <summary>What of a model its mixture of types depends on, beside the tensors' names and shapes.</summary>
/// <param name="Architecture">As under <c>general.architecture</c>.</param>
/// <param name="Layers">How many blocks there are.</param>
/// <param name="Heads">Query heads of a layer.</param>
/// <param name="KeyHeads">Key heads of a layer.</param>
/// <param name="Experts">How many experts; 0 for none.</param>
public sealed record QuantizedModel(string Architecture, int Layers, int Heads, int KeyHeads, int Experts = 0)
{
    /// <summary>Query heads for each key head.</summary>
    public int QueriesPerKey => KeyHeads == 0 ? 0 : Heads / KeyHeads;

    /// <summary>The model that a file's metadata tell of.</summary>
    /// <exception cref="LowrankException">A key is missing.</exception>
    public static QuantizedModel Of(GgufMetadata metadata)
    {
        string architecture = metadata.Text("general.architecture")
            ?? throw new LowrankException("the metadata have no general.architecture; quantising asks for it.");
        int heads = Count("attention.head_count", 0);
        return new(architecture, Count("block_count", null), heads, Count("attention.head_count_kv", heads), Count("expert_count", 0));

        // Some architectures have a number for each layer: the first one's counts.
        int Count(string key, int? otherwise)
        {
            string whole = $"{architecture}.{key}";
            if (metadata.Find(whole)?.Value is GgufArray { Count: > 0 } array) return (int)array.Integers()[0];
            return (int?)metadata.Integer(whole) ?? otherwise
                ?? throw new LowrankException($"the metadata have no {whole}; quantising asks for it.");
        }
    }
}
