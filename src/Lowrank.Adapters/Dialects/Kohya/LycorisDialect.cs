namespace Lowrank.Adapters;

/// <summary>LyCORIS's wrapper of any module: <c>lycoris_down_blocks_0_..._to_q.lora_down.weight</c>.</summary>
/// <remarks>kohya's hashes stand in files of kohya's names alone. Source: KohakuBlueleaf/LyCORIS 4.1.3, wrapper.py.</remarks>
sealed class LycorisDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "lycoris";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new LycorisSpelling();

    /// <summary>Besides what has no name: an adapter of several components, which no module of theirs reads.</summary>
    public override string? Refuses(Adapter adapter, ModelDescription model)
    {
        var adapted = model.Components.Where(c => c.Targets.Any(t => adapter.Targets.ContainsKey(t.Target.Path))).ToList();
        if (adapted.Count < 2) return base.Refuses(adapter, model);
        string names = string.Join(" and ", adapted.Select(component => component.Name));
        return $"{Name}'s files are of one module, and the adapter has {names}: LyCORIS and ComfyUI would read none of it. " +
            "kohya's dialect holds both for both programs";
    }

    /// <inheritdoc/>
    public override PartLayout Layout => KohyaLayout.Only;

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) =>
        keys.Any(key => key.StartsWith(LycorisSpelling.Prefix, StringComparison.Ordinal) && key.Contains('.'));
}
