namespace Lowrank.Adapters;

/// <summary>Textual inversion: words alone, in every form in which they are saved.</summary>
/// <remarks>
/// AUTOMATIC1111's <c>string_to_param.*</c> and <c>emb_params</c>, SDXL's <c>clip_l</c> and <c>clip_g</c>, which are called by the file's name; and diffusers' and cloneofsimo's tensors under the
/// words themselves, which is what is written but for SDXL.
/// </remarks>
public sealed class TextualInversionDialect : Dialect
{
    const string Params = "string_to_param.", Tokens = "string_to_token", Bare = "emb_params";

    // Files of words are small: more tensors than this are something else.
    const int MostWords = 64;

    static readonly Dictionary<string, string> wide = new() { ["clip_l"] = "text_encoder", ["clip_g"] = "text_encoder_2" };

    /// <inheritdoc/>
    public override string Name => "textual-inversion";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes => [];

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(key => key == Bare || key.StartsWith(Params, StringComparison.Ordinal)) || keys.Any() && keys.All(wide.ContainsKey);

    /// <inheritdoc/>
    public override bool Recognizes(ITensorFile file) =>
        Recognizes(file.Tensors.Select(t => t.Name)) || file.Tensors.Count is > 0 and <= MostWords && file.Tensors.All(t => IsWord(t.Name) && t.Shape.Length is 1 or 2 && TensorDtypes.OfWeights.Contains(t.Dtype))
            && file.Tensors.Select(t => t.Shape[^1]).Distinct().Count() == 1;

    static bool IsWord(string key) => key.Length > 0 && !key.Contains('.') && !key.Contains(':') && key is not ("weight" or "bias" or "tensor") && !key.All(char.IsAsciiDigit);

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) => [];

    /// <inheritdoc/>
    public override bool IsHarmless(string key) => key.StartsWith(Tokens, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override (string Name, string? Component)? EmbeddingOf(ITensorFile file, string key)
    {
        string named = Path.GetFileNameWithoutExtension(file.Path);
        if (wide.TryGetValue(key, out var component)) return (named, component);
        if (key == Bare || key.StartsWith(Params, StringComparison.Ordinal)) return (named, null);
        return IsWord(key) ? (key, null) : null;
    }

    /// <inheritdoc/>
    public override string? KeyOfEmbedding(Adapter adapter, ModelDescription model, AdapterEmbedding embedding, string component)
    {
        if (adapter.Targets.Count > 0) return null;
        if (model.Family == "sdxl") return adapter.Embeddings.Count == 1 ? wide.FirstOrDefault(pair => pair.Value == component).Key : null;
        return component == "text_encoder" && IsWord(embedding.Name) ? embedding.Name : null;
    }

    /// <inheritdoc/>
    public override string? Refuses(Adapter adapter, ModelDescription model) => adapter.Targets.Count > 0 ? $"{Name} holds words alone, and the adapter has {adapter.Targets.Count} layers"
        : adapter.Embeddings.Count == 0 ? $"{Name} holds words, and the adapter has none" : base.Refuses(adapter, model);
}
