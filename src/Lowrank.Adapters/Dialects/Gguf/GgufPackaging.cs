namespace Lowrank.Adapters;

/// <summary>One GGUF file, its metadata as llama.cpp asks for them.</summary>
sealed class GgufPackaging : Packaging
{
    const uint QuantizationVersion = 2;

    static readonly string[] ofFile =
    [
        GgufHead.ArchitectureKey, GgufHead.TypeKey, GgufHead.NameKey, GgufHead.KindKey, GgufHead.AlphaKey, GgufHead.VersionKey,
        GgufHead.InvocationKey, GgufMetadata.AlignmentKey, "general.file_type",
    ];

    /// <inheritdoc/>
    public override string Ending => ".gguf";

    /// <inheritdoc/>
    public override bool TellsLayers => false;

    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) => ofFile.Contains(key);

    /// <inheritdoc/>
    public override ITensorFile WithCompanions(ITensorFile file) =>
        file is GgufFile gguf && GgufHead.Of(file)!.Type == GgufHead.Adapter ? new GgufAdapterFile(gguf) : file;

    /// <inheritdoc/>
    public override void Save(SavedAdapter saved)
    {
        var (path, adapter, model, tensors, metadata) = saved;
        string? architecture = GgufSpelling.ArchitectureOf(model) ?? adapter.Metadata.GetValueOrDefault(GgufHead.ArchitectureKey);
        if (architecture is null)
            throw new LowrankException($"{path}: what llama.cpp calls the base model is not known, and a GGUF file tells it. " +
                "Give the base model.");
        Gguf.Save(path, Entries(adapter, architecture, metadata), tensors.Select(Source));
    }

    static TensorSource Source(KeyValuePair<string, Tensor> tensor) =>
        new(new(tensor.Key, TensorDtypes.Of(tensor.Value.dtype), tensor.Value.shape), () => tensor.Value.contiguous());

    static IEnumerable<GgufEntry> Entries(Adapter adapter, string architecture, IReadOnlyDictionary<string, string> metadata)
    {
        yield return new(GgufHead.ArchitectureKey, architecture);
        yield return new(GgufHead.TypeKey, GgufHead.Adapter);
        yield return new(GgufHead.KindKey, GgufHead.Lora);
        yield return new(GgufHead.NameKey, adapter.Metadata.GetValueOrDefault(GgufHead.NameKey) ?? GgufTitle.Of(adapter.Name));
        foreach (var entry in GgufAdapterFields.Entries(metadata)) yield return entry;
        yield return new(GgufHead.AlphaKey, (float)GgufAlpha.Of(adapter).Value);
        if (adapter.Targets.Values.Select(PartLayout.Within<Activated>).OfType<Activated>().FirstOrDefault() is { } acting)
            yield return new(GgufHead.InvocationKey, GgufArray.Of<uint>([.. acting.Invocation.Select(token => (uint)token)]));
        yield return new(GgufHead.VersionKey, QuantizationVersion);
    }
}
