namespace Lowrank.Adapters;

/// <summary>PEFT's names: the module's own path below the model that PEFT wraps.</summary>
/// <remarks>
/// A model of several components is spelled as one that holds them by name: their folders' keys, with the component's name before the path.
/// Keys of one component's own paths are read as those of the first that has such a layer. Keys with an adapter's name in them
/// (<c>lora_A.default.weight</c>), as a running model has them, are read too.
/// </remarks>
/// <param name="writesLevel">
/// Whether the level that some versions of a program leave out is written (CLIP's <c>text_model.</c>, which transformers 5.6 dropped).
/// </param>
/// <param name="ownComponent">The one component whose own paths keys may be; null where they may be any component's.</param>
sealed class PeftSpelling(bool writesLevel = false, string? ownComponent = null) : Spelling
{
    /// <summary>What stands before every path.</summary>
    public const string Prefix = "base_model.model.";

    /// <summary>How the keys of LoRA's factors end.</summary>
    public const string Down = ".lora_A.weight", Up = ".lora_B.weight";

    AdapterNames? names;

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
        var own = OwnPaths(component, target).Select(path => PeftReach.KeyPath(target, path)).ToList();
        if (model.Components.Count == 1) return own.Select(path => Prefix + path);
        var below = own.Select(path => $"{component.Name}.{path}");
        bool mayBeAlone = ownComponent is null || ownComponent == component.Name;
        return (mayBeAlone ? below.Concat(own) : below).Select(path => Prefix + path);
    }

    /// <summary>Rows of tokens that are trained beside another method lie a level deeper.</summary>
    public override string? WrittenName(Adapter adapter, ModelDescription model, ModelComponent component, Target target)
    {
        string? name = base.WrittenName(adapter, model, component, target);
        bool areRows = adapter.Targets.GetValueOrDefault(target.Path) is TrainableTokens;
        bool isBeside = areRows && adapter.Targets.Values.Any(one => one is not (TrainableTokens or TiedTokens));
        if (name is not null && adapter.Prompt is not null) return PeftPrompts.NameBeside(name);
        return isBeside ? name + ".token_adapter" : name;
    }

    /// <summary>The path of the module by which PEFT's configuration knows a target in its component.</summary>
    public string OwnPath(ModelComponent component, Target target) => PeftStacks.ParameterOf(component, target)
        ?? PeftReach.ConfiguredPath(target, OwnPaths(component, target).First());

    IEnumerable<string> OwnPaths(ModelComponent component, Target target) =>
        writesLevel ? component.PathsOf(target) : component.PathsOf(target).Reverse();

    /// <summary>A key of a component's own folder with the component's name before the layer's path.</summary>
    public static string Below(string component, string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) ? $"{Prefix}{component}.{key[Prefix.Length..]}" : key;

    /// <summary>A key in the folder of one component; null for one of another.</summary>
    public static string? Within(string component, string key)
    {
        if (!key.StartsWith(Prefix, StringComparison.Ordinal)) return key;
        string start = $"{Prefix}{component}.";
        return key.StartsWith(start, StringComparison.Ordinal) ? Prefix + key[start.Length..] : null;
    }

    /// <inheritdoc/>
    public override string? PathOf(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : null;

    /// <summary>An adapter's name inside a key is taken out, and what PEFT puts before a path is put there where it lacks.</summary>
    public override string? Mend(string key) =>
        Begins(key) ? (names ??= new(Suffixes.Select(s => s.Suffix))).Without(key) : Prefix + key;

    /// <summary>And PEFT's own paths that are none, and weights of the base that it saves beside adapted embeddings.</summary>
    public override string? WhyNotNeeded(string key)
    {
        if (key.EndsWith(".zeros", StringComparison.Ordinal) && key.Contains(".glora_", StringComparison.Ordinal))
            return "a part that is zero by its kind";
        if (key.Contains(".original_module.", StringComparison.Ordinal))
            return "the base's own, which PEFT saves beside a module that is saved whole";
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
