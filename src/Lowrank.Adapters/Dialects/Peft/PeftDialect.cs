namespace Lowrank.Adapters;

/// <summary>PEFT's folders: <c>base_model.model.PATH.lora_A.weight</c> in adapter_model.safetensors, and everything that is no tensor in adapter_config.json.</summary>
/// <remarks>
/// A path is the module's own below the model that PEFT wraps. A model of several components is spelled as one that holds them by name; an adapter of one of
/// them is spelled as that one's own, and such keys are read as those of the first component that has such a layer. Keys with an adapter's name in them (<c>lora_A.default.weight</c>), as a running model has them, are read too. Source: PEFT 0.21.2.
/// </remarks>
public sealed class PeftDialect : Dialect
{
    const string Prefix = "base_model.model.";

    readonly Lazy<AdapterNames> names;

    /// <summary>The dialect.</summary>
    public PeftDialect() => names = new(() => new(Suffixes.Select(s => s.Suffix)));

    /// <inheritdoc/>
    public override string Name => "peft";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
    [
        .. PeftTypes.All.SelectMany(type => type.Parts.Select(part => (part.Suffix, type.Method, part.Part))),
        (".lora_magnitude_vector", "", Dora.Part), (".lora_magnitude_vector.weight", "", Dora.Part),
        (".base_layer.bias", "", TrainedBias.Part), (".bias", "", TrainedBias.Part),
    ];

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(Begins);

    /// <summary>Whether a key begins as this dialect's do, whose ends are others' too.</summary>
    internal static bool Begins(string key) => key.StartsWith("base_model.", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        var own = WithAndWithoutTextModel(PathIn(component, target));
        return (model.Components.Count == 1 ? own : own.Prepend(target.Path)).Select(path => Prefix + path);
    }

    /// <summary>Without the component's name where the adapter has no other: such a folder is one for that module alone, as PEFT loads it.</summary>
    public override string WrittenName(Adapter adapter, ModelDescription model, ModelComponent component, Target target) =>
        Prefix + WrittenPath(adapter, model, component, target);

    static string WrittenPath(Adapter adapter, ModelDescription model, ModelComponent component, Target target) =>
        StandsAlone(adapter, model, component, target) ? PathIn(component, target) : target.Path;

    /// <inheritdoc/>
    public override string? Refuses(Adapter adapter, ModelDescription model)
    {
        if (base.Refuses(adapter, model) is { } reason) return reason;
        if (adapter.Targets.Count == 0) return $"{Name} holds no embeddings alone";
        try
        {
            Config(adapter, model);
            return null;
        }
        catch (LowrankException error)
        {
            return error.Message.TrimEnd('.');
        }
    }

    static SortedDictionary<string, object?> Config(Adapter adapter, ModelDescription model) =>
        PeftConfig.Of(adapter, model, (component, target) => WrittenPath(adapter, model, component, target));

    /// <inheritdoc/>
    public override bool IsHarmless(string key) =>
        base.IsHarmless(key) || key.EndsWith(".zeros", StringComparison.Ordinal) && key.Contains(".glora_", StringComparison.Ordinal);   // PEFT's paths that are none

    /// <inheritdoc/>
    public override string? SharedPart(string key)
    {
        foreach (var (shared, part) in PeftTypes.All.SelectMany(type => type.Shared))
            if (key == shared) return part;
            else if (shared.EndsWith("{}", StringComparison.Ordinal) && key.StartsWith(shared[..^2], StringComparison.Ordinal)) return part[..^2] + key[(shared.Length - 2)..];
        return null;
    }

    /// <summary>An adapter's name inside a key is taken out.</summary>
    public override string? Mend(string key) => names.Value.Without(key);

    /// <inheritdoc/>
    public override StoredParts Stored(ITensorFile file, string name, Target target, MethodDescriptor method, IReadOnlyDictionary<string, Tensor> parts, Initialization begin)
    {
        var config = (file as PeftFolder)?.Config;
        var read = new Dictionary<string, Tensor>(parts);
        string path = name[Prefix.Length..];
        if (PeftTypes.Of(method) is not { } type || config is null) return new StoredParts(read, begin: begin);
        var own = config.At(type, path);
        if (method == TrainableTokens.Descriptor && config.Tokens(path) is { } tokens) read.TryAdd("tokens", tensor(tokens));
        if (method == Ia3.Descriptor && !read.ContainsKey("on_input") && target.IsConvolution) read["on_input"] = tensor(config.IsFeedforward(path) ? 1L : 0L);
        if (type.Alpha is not null && Rank(method, read) is { } rank) read["alpha"] = tensor((float)PeftConfig.Alpha(own, type, rank));
        return new StoredParts(read, own, begin);
    }

    /// <inheritdoc/>
    public override double? AlphaBeside(ITensorFile file, string name, MethodDescriptor method, long rank) =>
        file is PeftFolder { Config: var config } && PeftTypes.Of(method) is { Alpha: not null } type && rank > 0 && PathOf(name) is { } path ? PeftConfig.Alpha(config.At(type, path), type, rank) : null;

    /// <inheritdoc/>
    public override string? PathOf(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : null;

    static long? Rank(MethodDescriptor method, Dictionary<string, Tensor> parts) => method.Facts(parts.ToDictionary(p => p.Key, p => p.Value.shape))?.Rank;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(ITensorFile file) => (file as PeftFolder)?.Config.Faults() ?? [];

    /// <inheritdoc/>
    public override IEnumerable<string> NotesOn(ITensorFile file) =>
        file is PeftFolder ? [] : ["there is no adapter_config.json beside it: every alpha is read as the rank, and every switch as its default"];

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization reparameterization, string part, string name)
    {
        var method = reparameterization.Method.StoredAs ?? reparameterization.Method;
        var type = PeftTypes.Of(method);
        foreach (var (key, shared) in type?.Shared ?? [])
            if (part == shared) return key;
            else if (shared.EndsWith("{}", StringComparison.Ordinal) && part.StartsWith(shared[..^2], StringComparison.Ordinal)) return key[..^2] + part[(shared.Length - 2)..];
        // DoRA is LoRA's there, and keeps the norms of outputs.
        if (part == Dora.Part && (method.Name != "lora" || reparameterization.Settings?.Dora == DoraAxis.Input)) return null;
        bool embedding = reparameterization.Target.Kind == LayerKind.Embedding;
        var suffixes = Suffixes.Where(s => s.Part == part && (s.Method == method.Name || s.Method.Length == 0)).Select(s => s.Suffix).ToList();
        var suffix = suffixes.FirstOrDefault(s => s.Contains("embedding", StringComparison.Ordinal) == embedding) ?? suffixes.FirstOrDefault();
        return suffix is null ? null : name + suffix;
    }

    /// <inheritdoc/>
    public override Tensor? Value(Reparameterization reparameterization, string part, Tensor value)
    {
        var type = PeftTypes.Of(reparameterization.Method);
        if (part == "alpha" && type?.Alpha is not null) return null;   // the config tells it
        if (part == Dora.Part)
            return reparameterization.Target.IsConvolution ? value.reshape([1, -1, .. reparameterization.Target.Kernel.Select(_ => 1L)]) : value.reshape(-1);
        return type?.Write is { } theirs ? theirs(reparameterization, part, value) : value;
    }

    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) => key == "format";

    /// <inheritdoc/>
    public override void Save(
        string path, Adapter adapter, ModelDescription model, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var config = Config(adapter, model);
        // A folder that is there keeps what else it holds.
        if (Directory.Exists(path)) Fill(path);
        else AtomicFolder.Write(path, Fill);

        bool Fill(string folder)
        {
            Safetensors.Save(System.IO.Path.Combine(folder, PeftFolder.Weights), tensors, new Dictionary<string, string>(metadata) { ["format"] = "pt" });
            AtomicFile.WriteText(System.IO.Path.Combine(folder, PeftFolder.Settings), PlainJson.Text(config) + "\n");
            return true;
        }
    }
}
