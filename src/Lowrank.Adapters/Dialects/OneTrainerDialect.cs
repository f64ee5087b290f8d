namespace Lowrank.Adapters;

/// <summary>OneTrainer's files: kohya's names with diffusers' blocks, for SDXL too, and <c>ot_</c> metadata.</summary>
/// <remarks>
/// Two further spellings of its are read, both with dots: <c>lora_unet.down_blocks.0....lora_down.weight</c>, and with LDM's blocks <c>unet.input_blocks.1.1....</c>,
/// <c>clip_l.text_model....</c>. Source: Nerogar/OneTrainer modules/util/convert/lora at 23df383.
/// </remarks>
public sealed class OneTrainerDialect : KohyaDialect
{
    const string Mark = "ot_branch";

    static readonly string[] dotted = ["lora_unet.", "lora_te.", "lora_te1.", "lora_te2.", "unet.", "clip_l.", "clip_g."];

    static readonly HashSet<string> written = ["lora", "loha"], unwritten = ["mid", "t1", "t2", SparseRest.IndicesPart, SparseRest.ValuesPart, SparseRest.SizePart, Wrappers.ShapePart];

    /// <inheritdoc/>
    public override string Name => "onetrainer";

    /// <inheritdoc/>
    public override string Refines => "kohya";

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) =>
        keys.Any(key => dotted.Any(start => key.StartsWith(start, StringComparison.Ordinal)) && Suffixes.Any(s => s.Part != "alpha" && s.Method is "lora" or "loha" && key.EndsWith(s.Suffix, StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override bool Recognizes(ITensorFile file) =>
        file.Metadata.Any(pair => IsOfFile(pair.Key, pair.Value) && pair.Key.StartsWith("ot_", StringComparison.Ordinal)) && base.Recognizes(file.Tensors.Select(t => t.Name))
        || Recognizes(file.Tensors.Select(t => t.Name));

    /// <inheritdoc/>
    protected override bool WritesLdm(ModelDescription model) => false;

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        string path = PathIn(component, target);
        string? ldm = component.OtherNames.GetValueOrDefault("ldm")?.ToOther(path);
        string[] further = component.Name switch
        {
            "unet" => ["lora_unet." + path, "unet." + (ldm ?? path), "unet." + path],
            "text_encoder" => ["lora_te." + path, "lora_te1." + path, "clip_l." + path],
            "text_encoder_2" => ["lora_te2." + path, "clip_g." + path],
            _ => [],
        };
        return base.Names(model, component, target).Concat(further);
    }

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization reparameterization, string part, string name) =>
        written.Contains((reparameterization.Method.StoredAs ?? reparameterization.Method).Name) && !unwritten.Contains(part) ? base.KeyOf(reparameterization, part, name) : null;

    /// <inheritdoc/>
    public override bool IsOfFile(string key, string value) => key.StartsWith("ot_", StringComparison.Ordinal) || base.IsOfFile(key, value);

    /// <summary>With the mark by which OneTrainer's files are known.</summary>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter, ModelDescription model, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var all = new Dictionary<string, string>(base.MetadataFor(adapter, model, tensors, metadata));
        all.TryAdd(Mark, "lowrank");
        return all;
    }
}
