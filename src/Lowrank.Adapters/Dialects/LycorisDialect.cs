namespace Lowrank.Adapters;

/// <summary>LyCORIS's wrapper of any module: <c>lycoris_down_blocks_0_..._to_q.lora_down.weight</c>, the module's own path with underscores for dots.</summary>
/// <remarks>
/// The wrapper holds one module. A model of several components is spelled as one that holds them by name; an adapter of one of them is spelled as that one's own.
/// Source: KohakuBlueleaf/LyCORIS 4.1.3, wrapper.py.
/// </remarks>
public sealed class LycorisDialect : KohyaDialect
{
    const string Prefix = "lycoris_";

    /// <inheritdoc/>
    public override string Name => "lycoris";

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(key => key.StartsWith(Prefix, StringComparison.Ordinal) && key.Contains('.'));

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        var own = WithAndWithoutTextModel(PathIn(component, target));
        return (model.Components.Count == 1 ? own : own.Prepend(target.Path)).Select(Spelled);
    }

    /// <inheritdoc/>
    public override string WrittenName(Adapter adapter, ModelDescription model, ModelComponent component, Target target) =>
        Spelled(StandsAlone(adapter, model, component, target) ? PathIn(component, target) : target.Path);

    static string Spelled(string path) => Prefix + path.Replace('.', '_');

    /// <inheritdoc/>
    public override string? Mend(string key) => null;

    /// <inheritdoc/>
    public override (string Name, string? Component)? EmbeddingOf(ITensorFile file, string key) => null;

    /// <inheritdoc/>
    public override string? KeyOfEmbedding(Adapter adapter, ModelDescription model, AdapterEmbedding embedding, string component) => null;

    /// <summary>As given: kohya's hashes stand in files of kohya's names alone.</summary>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter, ModelDescription model, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata) => metadata;
}
