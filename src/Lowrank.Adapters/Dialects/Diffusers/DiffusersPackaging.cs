namespace Lowrank.Adapters;

/// <summary>Metadata with PEFT's fields of each component that is adapted.</summary>
/// <remarks>
/// diffusers gives them to PEFT's LoraConfig, which refuses a field that it does not know, and asks for rank_pattern and alpha_pattern
/// (0.35.2). Layers of a text encoder are told without the level that transformers 5.6 dropped: names are ends of paths, and fit both.
/// </remarks>
sealed class DiffusersPackaging : Packaging
{
    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) => key is DiffusersSettings.Field or "format";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter,
        ModelDescription model,
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string> metadata)
    {
        var told = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        var adapted = model.Components.Where(c => c.Targets.Any(t => adapter.Targets.ContainsKey(t.Target.Path)));
        foreach (var component in adapted)
        {
            var fields = PeftFields.OfHeader(adapter, component, metadata);
            foreach (var (field, value) in fields) told[$"{component.Name}.{field}"] = value;
        }
        return new Dictionary<string, string>(metadata) { ["format"] = "pt", [DiffusersSettings.Field] = PlainJson.Text(told) };
    }
}
