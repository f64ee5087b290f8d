namespace Lowrank.Adapters;

/// <summary>A GGUF file that holds an adapter: its tensors, and what its metadata tell in the words of other dialects too.</summary>
/// <param name="file">The file; taken over.</param>
sealed class GgufAdapterFile(GgufFile file) : TensorFileView(file)
{
    /// <summary>What llama.cpp reads of the metadata.</summary>
    public GgufHead Head { get; } = new(file.Entries);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata { get; } = GgufAdapterFields.Metadata(file);
}
