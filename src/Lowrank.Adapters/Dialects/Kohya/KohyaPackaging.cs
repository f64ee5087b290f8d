namespace Lowrank.Adapters;

/// <summary>Files with kohya's hashes in the metadata, and modelspec's where there is a modelspec.</summary>
class KohyaPackaging : Packaging
{
    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) => KohyaHashes.IsHash(key);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter,
        ModelDescription model,
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string> metadata) => KohyaHashes.Of(tensors, metadata).Beside(metadata);
}
