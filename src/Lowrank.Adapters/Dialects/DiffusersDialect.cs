using System.Runtime.CompilerServices;
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

    readonly Lazy<AdapterNames> names;

    /// <summary>The dialect.</summary>
    public DiffusersDialect() => names = new(() => new(Suffixes.Select(s => s.Suffix)));

    /// <inheritdoc/>
    public override string Name => "diffusers";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
    [
        (".lora_A.weight", "lora", "down"), (".lora_B.weight", "lora", "up"), (".lora_B.bias", "lora", TrainedBias.AddedPart),
        (".lora_magnitude_vector", "", Dora.Part), (".lora_magnitude_vector.weight", "", Dora.Part), (".alpha", "", "alpha"),
    ];

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(key =>
        (key.Contains(".lora_A.", StringComparison.Ordinal) || key.Contains(".lora_B.", StringComparison.Ordinal)) && !PeftDialect.Begins(key) && !ComfyUiDialect.Begins(key));

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
        var told = ToldBy(file);
        if (told.Unreadable is { } reason) throw new LowrankException(reason);
        var config = told.Of(target.Path);
        var type = PeftTypes.Of(Lora.Descriptor)!;
        var own = config?.At(type, name) ?? PeftConfig.Empty;
        if (config is not null) read["alpha"] = tensor((float)PeftConfig.Alpha(own, type, parts["down"].shape[0]));
        return new StoredParts(read, own, begin);
    }

    /// <inheritdoc/>
    public override double? AlphaBeside(ITensorFile file, string name, MethodDescriptor method, long rank) =>
        ToldBy(file) is { Faults.Count: 0 } told && told.Of(name) is { } config && PeftTypes.Of(method) is { Alpha: not null } type && rank > 0
            ? PeftConfig.Alpha(config.At(type, name), type, rank) : null;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(ITensorFile file) => ToldBy(file).Faults;

    // What a file's metadata tells: the settings of each component, those of fields without one under "".
    sealed record Settings(IReadOnlyDictionary<string, PeftConfig> Components, string? Unreadable)
    {
        public IReadOnlyList<string> Faults { get; } = Unreadable is null ? [.. Components.Values.SelectMany(config => config.Faults()).Distinct()] : [Unreadable];

        // A component's fields have its name before theirs; where one was saved alone, none has.
        public PeftConfig? Of(string path) => Components.GetValueOrDefault(path.Split('.')[0]) ?? Components.GetValueOrDefault("");
    }

    // Each layer asks for them.
    static readonly ConditionalWeakTable<ITensorFile, Settings> known = [];

    static Settings ToldBy(ITensorFile file) => known.GetValue(file, static file =>
    {
        try
        {
            return new(ReadFrom(file), null);
        }
        catch (JsonException error)
        {
            return new(new Dictionary<string, PeftConfig>(), $"the metadata's {Told} is no JSON: {error.Message}");
        }
        catch (LowrankException error)
        {
            return new(new Dictionary<string, PeftConfig>(), error.Message);
        }
    });

    static Dictionary<string, PeftConfig> ReadFrom(ITensorFile file)
    {
        if (!file.Metadata.TryGetValue(Told, out var text)) return [];
        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new LowrankException($"the metadata's {Told} holds no object of fields");
        var groups = document.RootElement.EnumerateObject().DistinctBy(field => field.Name).GroupBy(field => field.Name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? field.Name[..dot] : "");
        return groups.Where(group => group.Key.Length > 0 || group.Any(field => field.NameEquals("lora_alpha")))
            .ToDictionary(group => group.Key, group => new PeftConfig(PlainJson.Element(group.ToDictionary(field => field.Name[(group.Key.Length == 0 ? 0 : group.Key.Length + 1)..], field => field.Value))));
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
