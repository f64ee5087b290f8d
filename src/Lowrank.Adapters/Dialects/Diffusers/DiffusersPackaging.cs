namespace Lowrank.Adapters;

/// <summary>Metadata with PEFT's fields of each component that is adapted.</summary>
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
            var fields = PeftFields.Of(adapter, model with { Components = [component] }, static (own, target) => own.PathOf(target));
            foreach (var (field, value) in fields) told[$"{component.Name}.{field}"] = value;
        }
        return new Dictionary<string, string>(metadata) { ["format"] = "pt", [DiffusersSettings.Field] = PlainJson.Text(told) };
    }
}
