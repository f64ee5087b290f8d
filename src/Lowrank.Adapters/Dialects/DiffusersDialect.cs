using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>diffusers' files since 0.22: <c>unet.down_blocks.0....to_q.lora_A.weight</c>; what PEFT would tell in its configuration stands in the metadata, as <c>lora_adapter_metadata</c>.</summary>
/// <remarks>
/// Without that metadata every alpha is the rank. Text encoders are named with and without <c>text_model.</c>, which transformers 5.6 dropped; with it they are written. A key may have an
/// adapter's name in it (<c>lora_A.default.weight</c>), as checkpoints of training scripts do. Source: diffusers 0.42.1, loaders.
/// </remarks>
public sealed class DiffusersDialect : Dialect
{
    const string Told = "lora_adapter_metadata";

    readonly IReadOnlyDictionary<string, PeftConfig?>? components;

    readonly Lazy<AdapterNames> names;

    /// <summary>The dialect.</summary>
    public DiffusersDialect() => names = new(() => new(Suffixes.Select(s => s.Suffix)));

    // The dialect as a file speaks it, whose metadata was read.
    DiffusersDialect(IReadOnlyDictionary<string, PeftConfig?> components) : this() => this.components = components;

    /// <inheritdoc/>
    public override string Name => "diffusers";

    /// <inheritdoc/>
    public override Dialect For(ITensorFile file, ModelDescription model) =>
        Faults(file).Any() ? this : new DiffusersDialect(model.Components.ToDictionary(c => c.Name, c => ConfigOf(file, c.Name)));

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
    [
        (".lora_A.weight", "lora", "down"), (".lora_B.weight", "lora", "up"), (".lora_B.bias", "lora", TrainedBias.AddedPart),
        (".lora_magnitude_vector", "", Dora.Part), (".lora_magnitude_vector.weight", "", Dora.Part), (".alpha", "", "alpha"),
    ];

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(key =>
        (key.Contains(".lora_A.", StringComparison.Ordinal) || key.Contains(".lora_B.", StringComparison.Ordinal))
        && !key.StartsWith("base_model.", StringComparison.Ordinal) && !key.StartsWith("diffusion_model.", StringComparison.Ordinal) && !key.StartsWith("text_encoders.", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) => Spellings(component, target);

    /// <summary>A target's names in files of diffusers: with the component before its path, and without, as the UNet alone is saved.</summary>
    internal static IEnumerable<string> Spellings(ModelComponent component, Target target)
    {
        var own = WithAndWithoutTextModel(PathIn(component, target)).ToList();
        return [.. own.Select(path => $"{component.Name}.{path}"), .. own];
    }

    /// <inheritdoc/>
    public override string? Mend(string key) => names.Value.Without(key);

    /// <inheritdoc/>
    public override StoredParts Stored(
        ITensorFile file, string name, Target target, MethodDescriptor method, IReadOnlyDictionary<string, Tensor> parts, Initialization begin)
    {
        var read = new Dictionary<string, Tensor>(parts);
        string component = target.Path.Split('.')[0];
        var config = components is null ? ConfigOf(file, component) : components.GetValueOrDefault(component);
        var type = PeftTypes.Of(Lora.Descriptor)!;
        var own = config?.At(type, name) ?? PeftConfig.Empty;
        if (config is not null) read["alpha"] = tensor((float)PeftConfig.Alpha(own, type, parts["down"].shape[0]));
        return new StoredParts(read, own, begin);
    }

    // What the metadata tells of a component: the fields that have its name before theirs, or all, where one component was saved alone.
    static PeftConfig? ConfigOf(ITensorFile file, string component)
    {
        var configs = ConfigsOf(file);
        return configs.GetValueOrDefault(component) ?? configs.GetValueOrDefault("");
    }

    // By component; "" is that of fields without one.
    static Dictionary<string, PeftConfig> ConfigsOf(ITensorFile file)
    {
        if (!file.Metadata.TryGetValue(Told, out var text)) return [];
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new LowrankException($"the metadata's {Told} holds no object of fields");
            var groups = document.RootElement.EnumerateObject().DistinctBy(field => field.Name).GroupBy(field => field.Name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? field.Name[..dot] : "");
            return groups.Where(group => group.Key.Length > 0 || group.Any(field => field.NameEquals("lora_alpha")))
                .ToDictionary(group => group.Key, group => new PeftConfig(PlainJson.Element(group.ToDictionary(field => field.Name[(group.Key.Length == 0 ? 0 : group.Key.Length + 1)..], field => field.Value))));
        }
        catch (JsonException error)
        {
            throw new LowrankException($"the metadata's {Told} is no JSON: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(ITensorFile file)
    {
        try
        {
            return [.. ConfigsOf(file).Values.SelectMany(config => config.Faults()).Distinct()];
        }
        catch (LowrankException error)
        {
            return [error.Message];
        }
    }

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization reparameterization, string part, string name) =>
        part == Dora.Part && reparameterization.Settings?.Dora == DoraAxis.Input || reparameterization.Target.Kind == LayerKind.Embedding ? null
            : base.KeyOf(reparameterization, part, name);

    /// <inheritdoc/>
    public override Tensor? Value(Reparameterization reparameterization, string part, Tensor value) =>
        part == "alpha" ? null   // the metadata tells it
        : part != Dora.Part ? value
        : reparameterization.Target.IsConvolution ? value.reshape([1, -1, .. reparameterization.Target.Kernel.Select(_ => 1L)]) : value.reshape(-1);

    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) => key is Told or "format";

    /// <summary>With the fields of each component that is adapted.</summary>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter, ModelDescription model, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var told = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var component in model.Components.Where(c => c.Targets.Any(t => adapter.Targets.ContainsKey(t.Target.Path))))
            foreach (var (field, value) in PeftConfig.Of(adapter, model with { Components = [component] }, PathIn))
                told[$"{component.Name}.{field}"] = value;
        return new Dictionary<string, string>(metadata) { ["format"] = "pt", [Told] = PlainJson.Text(told) };
    }
}
