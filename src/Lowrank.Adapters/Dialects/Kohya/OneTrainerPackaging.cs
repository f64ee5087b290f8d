namespace Lowrank.Adapters;

/// <summary>kohya's metadata with the mark by which OneTrainer's files are known.</summary>
sealed class OneTrainerPackaging : KohyaPackaging
{
    const string Start = "ot_", Branch = "ot_branch";

    /// <summary>Whether a field of the metadata is OneTrainer's.</summary>
    public static bool IsMark(string key) => key.StartsWith(Start, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) => IsMark(key) || base.IsOfFile(key, value);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter,
        ModelDescription model,
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string> metadata)
    {
        var all = new Dictionary<string, string>(base.MetadataFor(adapter, model, tensors, metadata));
        all.TryAdd(Branch, "lowrank");
        return all;
    }
}
