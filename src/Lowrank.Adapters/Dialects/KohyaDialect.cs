namespace Lowrank.Adapters;

/// <summary>kohya's sd-scripts, and so AUTOMATIC1111 and ComfyUI: <c>lora_unet_down_blocks_0_..._to_q.lora_down.weight</c>.</summary>
/// <remarks>
/// A module's name is a prefix and its path with underscores for dots. SDXL's UNet is written in SGM's spelling
/// (<c>input_blocks_4_1_...</c>); both spellings are read, mixed too, and a text encoder's names as diffusers exports them (<c>lora_te1_</c> for an only
/// one, and no <c>text_model_</c>). AUTOMATIC1111's bundles are such files with embeddings beside, <c>bundle_emb.NAME.string_to_param.*</c>, or <c>.clip_l</c> and
/// <c>.clip_g</c> for SDXL. Source: kohya-ss/sd-scripts networks/lora.py at 48d368f.
/// </remarks>
public class KohyaDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "kohya";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
    [
        (".lora_down.weight", "lora", "down"), (".lora_up.weight", "lora", "up"), (".lora_mid.weight", "lora", "mid"),
        (".bias_indices", "lora", SparseRest.IndicesPart), (".bias_values", "lora", SparseRest.ValuesPart), (".bias_size", "lora", SparseRest.SizePart),
        (".hada_w1_a", "loha", "w1a"), (".hada_w1_b", "loha", "w1b"), (".hada_w2_a", "loha", "w2a"), (".hada_w2_b", "loha", "w2b"), (".hada_t1", "loha", "t1"), (".hada_t2", "loha", "t2"),
        (".lokr_w1", "lokr", "w1"), (".lokr_w1_a", "lokr", "w1a"), (".lokr_w1_b", "lokr", "w1b"), (".lokr_w2", "lokr", "w2"), (".lokr_w2_a", "lokr", "w2a"), (".lokr_w2_b", "lokr", "w2b"),
        (".lokr_t2", "lokr", "t2"),
        (".a1.weight", "glora", "a1"), (".a2.weight", "glora", "a2"), (".b1.weight", "glora", "b1"), (".b2.weight", "glora", "b2"), (".bm.weight", "glora", "bm"),
        (".weight", "ia3", "weight"), (".on_input", "ia3", "on_input"),
        (".oft_blocks", "diag-oft", "oft_blocks"), (".oft_blocks", "boft", "oft_blocks"), (".rescale", "diag-oft", "rescale"), (".rescale", "boft", "rescale"),
        (".q_layer.weight", "tlora", "q"), (".p_layer.weight", "tlora", "p"), (".lambda_layer", "tlora", "lambda"),
        (".base_q", "tlora", "base_q"), (".base_p", "tlora", "base_p"), (".base_lambda", "tlora", "base_lambda"),
        (".set_weight", "whole", "weight"), (".reshape_weight", "", Wrappers.ShapePart),
        (".diff", "full", "diff"), (".diff_b", "full", "diff_b"), (".w_norm", "norm", "w_norm"), (".b_norm", "norm", "b_norm"),
        (".dora_scale", "", Dora.Part),
        (".alpha", "", "alpha"),
    ];

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) =>
        keys.Any(key => key.StartsWith(Start + "_", StringComparison.Ordinal) && key.Contains('.'));

    /// <summary>What every name begins with.</summary>
    protected virtual string Start => "lora";

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        string[] prefixes = (component.Name, model.Family) switch
        {
            ("unet", _) => ["_unet_"],
            ("text_encoder", "sdxl") => ["_te1_"],
            ("text_encoder", _) => ["_te_", "_te1_"],
            ("text_encoder_2", _) => ["_te2_"],
            var (name, _) => [$"_{name}_"],
        };
        string path = PathIn(component, target);
        IEnumerable<string> paths = component.Name.StartsWith("text_encoder", StringComparison.Ordinal) ? WithAndWithoutTextModel(path)
            : component.OtherNames.GetValueOrDefault("ldm")?.ToOther(path) is not { } ldm ? [path]
            : WritesLdm(model) ? [ldm, path] : [path, ldm];
        return paths.SelectMany(spelled => prefixes.Select(prefix => Start + prefix + spelled.Replace('.', '_')));
    }

    /// <summary>Whether the UNet is written in SGM's spelling.</summary>
    protected virtual bool WritesLdm(ModelDescription model) => model.Family == "sdxl";

    /// <inheritdoc/>
    public override (string Name, string? Component)? EmbeddingOf(ITensorFile file, string key) => BundledEmbeddings.Of(key);

    /// <inheritdoc/>
    public override string? KeyOfEmbedding(Adapter adapter, ModelDescription model, AdapterEmbedding embedding, string component) =>
        BundledEmbeddings.Key(model, embedding.Name, component);

    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) => key.StartsWith("sshs_", StringComparison.Ordinal) || key == "modelspec.hash_sha256";

    /// <summary>With kohya's hashes, and modelspec's where there is a modelspec.</summary>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter, ModelDescription model, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var hashes = KohyaHashes.Of(tensors, metadata);
        var all = new Dictionary<string, string>(metadata) { ["sshs_model_hash"] = hashes.ModelHash, ["sshs_legacy_hash"] = hashes.LegacyHash };
        if (metadata.ContainsKey("modelspec.sai_model_spec")) all["modelspec.hash_sha256"] = "0x" + hashes.ModelHash;
        return all;
    }

    /// <summary>Some converters write the prefix twice, and an underscore before the part: <c>lora_unet_unet_..._to_q_lora_down.weight</c>.</summary>
    public override string? Mend(string key)
    {
        const string Doubled = "lora_unet_unet_";
        if (!key.StartsWith(Doubled, StringComparison.Ordinal)) return null;
        string name = "lora_unet_" + key[Doubled.Length..];
        foreach (var (suffix, _, _) in Suffixes)
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal)) return name;
            if (name.EndsWith("_" + suffix[1..], StringComparison.Ordinal)) return name[..^suffix.Length] + suffix;
        }
        return null;
    }
}
