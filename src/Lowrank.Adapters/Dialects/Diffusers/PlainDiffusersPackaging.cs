namespace Lowrank.Adapters;

/// <summary>Metadata with the mark of tensors that come from PyTorch, and nothing of layers.</summary>
sealed class PlainDiffusersPackaging : Packaging
{
    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter,
        ModelDescription model,
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string> metadata) => new Dictionary<string, string>(metadata) { ["format"] = "pt" };
}
