namespace Lowrank.Adapters;

/// <summary>PEFT's names: the module's own path below the model that PEFT wraps.</summary>
/// <remarks>
/// A model of several components is spelled as one that holds them by name; an adapter of one of them is spelled as that one's own, and
/// such keys are read as those of the first component that has such a layer. Keys with an adapter's name in them
/// (<c>lora_A.default.weight</c>), as a running model has them, are read too.
/// </remarks>
sealed class PeftSpelling : Spelling
{
    const string Prefix = "base_model.model.";

    readonly AdapterNames names;

    /// <summary>The spelling.</summary>
    public PeftSpelling() => names = new(Suffixes.Select(s => s.Suffix));

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
    [
        .. PeftTypes.All.SelectMany(type => type.Parts.Select(part => (part.Suffix, type.Method, part.Part))),
        (".lora_magnitude_vector", "", Dora.Part), (".lora_magnitude_vector.weight", "", Dora.Part),
        (".base_layer.bias", "", TrainedBias.Part), (".bias", "", TrainedBias.Part),
    ];

    /// <summary>Whether a key begins as PEFT's do, whose ends are others' too.</summary>
    public static bool Begins(string key) => key.StartsWith("base_model.", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        var own = component.PathsOf(target);
        return (model.Components.Count == 1 ? own : own.Prepend(target.Path)).Select(path => Prefix + path);
    }

    /// <summary>
    /// Without the component's name where the adapter has no other: such a folder is one for that module alone, as PEFT loads it.
    /// </summary>
    public override string WrittenName(Adapter adapter, ModelDescription model, ModelComponent component, Target target) =>
        Prefix + WrittenPath(adapter, model, component, target);

    /// <summary>The path by which PEFT knows a target of an adapter.</summary>
    public static string WrittenPath(Adapter adapter, ModelDescription model, ModelComponent component, Target target) =>
        StandsAlone(adapter, model, component, target) ? component.PathOf(target) : target.Path;

    /// <inheritdoc/>
    public override string? PathOf(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : null;

    /// <summary>An adapter's name inside a key is taken out.</summary>
    public override string? Mend(string key) => names.Without(key);

    /// <summary>And PEFT's own paths that are none, and weights of the base that it saves beside adapted embeddings.</summary>
    public override string? WhyNotNeeded(string key)
    {
        if (key.EndsWith(".zeros", StringComparison.Ordinal) && key.Contains(".glora_", StringComparison.Ordinal))
            return "a part that is zero by its kind";
        return key.EndsWith(".base_layer.weight", StringComparison.Ordinal)
            ? "the base's own weight, which was not trained; PEFT saves it beside an adapted embedding or head"
            : base.WhyNotNeeded(key);
    }

    /// <inheritdoc/>
    public override string? SharedPart(string key) =>
        PeftTypes.All.Select(type => type.Shared.ToOwn(key)).FirstOrDefault(part => part is not null);

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization made, string part, string name, ComponentRole role)
    {
        var method = StoredMethod(made);
        if (PeftTypes.Of(method)?.Shared.ToOther(part) is { } whole) return whole;
        // DoRA is LoRA's there, and keeps the norms of outputs.
        if (part == Dora.Part && (method.Name != "lora" || made.Settings?.Dora == DoraAxis.Input)) return null;
        bool embeds = made.Target.Kind == LayerKind.Embedding;
        var suffixes = Suffixes.Where(s => s.Part == part && (s.Method == method.Name || s.Method.Length == 0))
            .Select(s => s.Suffix).ToList();
        var suffix = suffixes.FirstOrDefault(s => s.Contains("embedding", StringComparison.Ordinal) == embeds) ?? suffixes.FirstOrDefault();
        return suffix is null ? null : name + suffix;
    }
}
