using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>cloneofsimo's lora: layers by number (<c>unet:0:up</c>, <c>unet:0:down</c>), and words as tensors that the metadata marks <c>&lt;embed&gt;</c>.</summary>
/// <remarks>
/// The numbers follow the order of diffusers' modules, which changed with its version 0.15, and no file tells which it was: the shapes do. They have no place for alpha: the scale is
/// multiplied into up. A layer that is not adapted keeps its number with factors of zeros. <c>.pt</c> files are lists (<see cref="CloneofsimoLists"/>).
/// Source: cloneofsimo/lora lora_diffusion/lora.py at d84074b.
/// </remarks>
public sealed partial class CloneofsimoDialect : Dialect
{
    const string Up = ":up", Down = ":down", RankMark = ":rank";

    /// <summary>What the metadata says of a word.</summary>
    internal const string Word = "<embed>";

    readonly LayerNumbering numbering = LayerNumbering.All.First();
    readonly string? fault;

    /// <summary>The dialect.</summary>
    public CloneofsimoDialect() { }

    CloneofsimoDialect(LayerNumbering numbering, string? fault) => (this.numbering, this.fault) = (numbering, fault);

    /// <inheritdoc/>
    public override string Name => "cloneofsimo";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } = [(Down, "lora", "down"), (Up, "lora", "up")];

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(key => Numbered().IsMatch(key));

    /// <summary>With the numbering that the file's shapes fit.</summary>
    public override Dialect For(ITensorFile file, ModelDescription model)
    {
        if (model.Components.FirstOrDefault(c => c.Name == "unet") is not { } unet) return this;
        var shapes = file.Tensors.Where(t => t.Name.StartsWith("unet:", StringComparison.Ordinal)).ToDictionary(t => t.Name, t => t.Shape);
        if (shapes.Count == 0) return this;
        var listed = Listed(file, "unet");
        if (listed is not null && LayerNumbering.Unknown(listed) is var unknown && unknown.Any())
            return new CloneofsimoDialect(numbering, $"the unet's layers are counted inside of {string.Join(", ", unknown)}, and where those lie is not known here");
        var fitting = LayerNumbering.All.Where(n => (listed is null || n.Counts(listed)) && Fits(n.Of(unet), unet, shapes)).DistinctBy(n => string.Join(' ', n.Of(unet).OrderBy(p => p.Value).Select(p => p.Key))).ToList();
        return fitting switch
        {
            [var one] => new CloneofsimoDialect(one, null),
            [] => new CloneofsimoDialect(numbering, $"the shapes of the unet's {shapes.Count / 2} numbered layers fit the model in no order that diffusers has had"),
            _ => new CloneofsimoDialect(numbering, "the shapes of the unet's numbered layers fit the model in both orders that diffusers has had (attn1, ff, attn2 up to 0.14 and attn1, attn2, ff since), and the file does not tell which is meant"),
        };
    }

    static bool Fits(IReadOnlyDictionary<string, int> numbers, ModelComponent unet, Dictionary<string, long[]> shapes)
    {
        if (numbers.Count * 2 != shapes.Count) return false;
        var targets = unet.Targets.ToDictionary(t => t.Target.Path, t => t.Target);
        return numbers.All(n => shapes.TryGetValue($"unet:{n.Value}{Up}", out var up) && shapes.TryGetValue($"unet:{n.Value}{Down}", out var down)
            && targets[n.Key] is var target && up.Length >= 2 && down.Length >= 2 && up[0] == target.Out && down.Skip(1).Aggregate(1L, (product, axis) => product * axis) == target.Columns);
    }

    // The modules whose layers are counted; null where the file does not tell.
    static string[]? Listed(ITensorFile file, string component)
    {
        if (!file.Metadata.TryGetValue(component, out var text)) return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.EnumerateArray().Select(name => name.ToString())] : null;
        }
        catch (JsonException)
        {
            return null;   // some other file's field of that name
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(ITensorFile file) => fault is null ? [] : [fault];

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) => Named(numbering, component, target) is { } name ? [name] : [];

    /// <inheritdoc/>
    public override string? WrittenName(Adapter adapter, ModelDescription model, ModelComponent component, Target target) =>
        model.Family == "sdxl" ? null : Named(LayerNumbering.Written(adapter.Targets.Keys), component, target);

    static string? Named(LayerNumbering numbering, ModelComponent component, Target target) =>
        numbering.Of(component).TryGetValue(target.Path, out int number) ? $"{component.Name}:{number}" : null;

    /// <inheritdoc/>
    public override (string Name, string? Component)? EmbeddingOf(ITensorFile file, string key) =>
        file.Metadata.TryGetValue(key, out var mark) && mark == Word ? (key, "text_encoder") : null;

    /// <summary>Words of one vector alone have a place.</summary>
    public override string? KeyOfEmbedding(Adapter adapter, ModelDescription model, AdapterEmbedding embedding, string component) =>
        component == "text_encoder" && model.Family != "sdxl" && embedding.Vectors[component].shape[0] == 1 ? embedding.Name : null;

    /// <inheritdoc/>
    public override Tensor EmbeddingValue(Tensor vectors) => vectors.squeeze(0);

    /// <inheritdoc/>
    public override bool IsFiller(IReadOnlyDictionary<string, Tensor> parts) => parts.Count == 2 && parts.Values.All(part => part.count_nonzero().ToInt64() == 0);

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization reparameterization, string part, string name) =>
        reparameterization.Target.Kind == LayerKind.Embedding ? null : base.KeyOf(reparameterization, part, name);

    /// <inheritdoc/>
    public override Tensor? Value(Reparameterization reparameterization, string part, Tensor value) => Baked(reparameterization, part, value);

    /// <summary>The layers that only keep their number.</summary>
    public override IEnumerable<KeyValuePair<string, Tensor>> Beside(Adapter adapter, ModelDescription model)
    {
        foreach (var (component, number, target) in Written(adapter, model))
            if (!adapter.Targets.ContainsKey(target.Path))
            {
                long[] ones = [.. target.Kernel.Select(_ => 1L)];
                yield return new($"{component}:{number}{Up}", zeros([target.Out, 1, .. ones]));
                yield return new($"{component}:{number}{Down}", zeros([1, target.In, .. target.Kernel]));
            }
    }

    static IEnumerable<(string Component, int Number, Target Target)> Written(Adapter adapter, ModelDescription model)
    {
        var numbering = LayerNumbering.Written(adapter.Targets.Keys);
        foreach (var component in model.Components)
        {
            var numbers = numbering.Of(component);
            if (!numbers.Keys.Any(adapter.Targets.ContainsKey)) continue;
            foreach (var (target, _) in component.Targets)
                if (numbers.TryGetValue(target.Path, out int number)) yield return (component.Name, number, target);
        }
    }

    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) => value == Word || key.EndsWith(RankMark, StringComparison.Ordinal) && Numbered().IsMatch(key) || key is "unet" or "text_encoder";

    /// <summary>With the modules whose layers are counted, the ranks, and the marks of words.</summary>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter, ModelDescription model, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var all = new Dictionary<string, string>(metadata);
        var numbering = LayerNumbering.Written(adapter.Targets.Keys);
        var ranks = tensors.Where(t => t.Key.EndsWith(Down, StringComparison.Ordinal)).ToDictionary(t => t.Key[..^Down.Length], t => t.Value.shape[0]);
        foreach (var (component, number, _) in Written(adapter, model))
        {
            all[component] = PlainJson.Text(numbering.Hosts(component), indented: false);
            string name = $"{component}:{number}";
            all[name + RankMark] = ranks[name].ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        foreach (var embedding in adapter.Embeddings) all[embedding.Name] = Word;
        return all;
    }

    [GeneratedRegex("^[a-z_0-9]+:[0-9]+:(up|down|rank)$")]
    private static partial Regex Numbered();
}
