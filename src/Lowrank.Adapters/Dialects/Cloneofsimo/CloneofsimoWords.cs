namespace Lowrank.Adapters;

/// <summary>Words as tensors under their own names, which the metadata marks.</summary>
sealed class CloneofsimoWords : WordSpelling
{
    /// <summary>What the metadata says of a word.</summary>
    public const string Mark = "<embed>";

    /// <inheritdoc/>
    public override string Program => CloneofsimoSpelling.Program;

    /// <inheritdoc/>
    public override (string Name, string? Encoder)? Of(ITensorFile file, string key) =>
        file.Metadata.TryGetValue(key, out var mark) && mark == Mark ? (key, CloneofsimoLists.TextEncoder) : null;

    /// <summary>Words of one vector alone have a place.</summary>
    public override string? KeyOf(Adapter adapter, ModelDescription model, AdapterEmbedding word, string component) =>
        WrittenNameOf(model, component) is not null && word.Vectors[component].shape[0] == 1 ? word.Name : null;

    /// <inheritdoc/>
    public override Tensor Write(Tensor vectors) => vectors.squeeze(0);
}
