namespace Lowrank.Adapters;

/// <summary>kohya's metadata with the mark by which ai-toolkit's files are known.</summary>
sealed class AiToolkitPackaging : KohyaPackaging
{
    const string Mark = "software", Program = "ai-toolkit";

    /// <summary>Whether metadata name the program.</summary>
    public static bool Marks(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(Mark, out var software) && software.Contains(Program, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) =>
        key == Mark && value.Contains(Program, StringComparison.Ordinal) || base.IsOfFile(key, value);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter,
        ModelDescription model,
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string> metadata) =>
        new Dictionary<string, string>(base.MetadataFor(adapter, model, tensors, metadata))
        {
            [Mark] = $$"""{"name": "lowrank", "layout": "{{Program}}"}""",
        };
}
