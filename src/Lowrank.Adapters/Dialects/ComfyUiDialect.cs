namespace Lowrank.Adapters;

/// <summary>ComfyUI's own names: <c>diffusion_model.input_blocks.1.1....to_q.lora_up.weight</c>, dots and LDM's blocks; <c>text_encoders.clip_l.transformer....</c></summary>
/// <remarks>
/// The parts are kohya's and LyCORIS's, and LoRA's factors may be called <c>lora_A</c> and <c>lora_B</c> as well. Diffusers' blocks are read too.
/// Source: comfyanonymous/ComfyUI comfy/lora.py and comfy/weight_adapter at a125cd8.
/// </remarks>
public sealed class ComfyUiDialect : KohyaDialect
{
    const string Unet = "diffusion_model.", Text = "text_encoders.";

    // What ComfyUI has an adapter for; other parts of kohya's are read and not written.
    static readonly HashSet<string> written = ["lora", "loha", "lokr", "glora", "diag-oft", "boft", "full", "norm", "whole"];

    /// <inheritdoc/>
    public override string Name => "comfyui";

    /// <summary>The one there is.</summary>
    public ComfyUiDialect() => Suffixes = [
        .. base.Suffixes,
        (".lora_A.weight", "lora", "down"), (".lora_B.weight", "lora", "up"), (".lora_A", "lora", "down"), (".lora_B", "lora", "up"),
        (".lora.down.weight", "lora", "down"), (".lora.up.weight", "lora", "up"), ("_lora.down.weight", "lora", "down"), ("_lora.up.weight", "lora", "up"),
        (".lora_linear_layer.down.weight", "lora", "down"), (".lora_linear_layer.up.weight", "lora", "up"), (".lora.mid.weight", "lora", "mid"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; }

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(Begins);

    /// <summary>Whether a key begins as this dialect's do, whose ends are others' too.</summary>
    internal static bool Begins(string key) => key.StartsWith(Unet, StringComparison.Ordinal) || key.StartsWith(Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        string path = PathIn(component, target);
        if (Encoder(model, component) is { } encoder) return WithAndWithoutTextModel(path).Select(spelled => $"{Text}{encoder}.transformer.{spelled}");
        return component.OtherNames.GetValueOrDefault("ldm")?.ToOther(path) is { } ldm ? [Unet + ldm, Unet + path] : [Unet + path];
    }

    static string? Encoder(ModelDescription model, ModelComponent component) => (component.Name, model.Family) switch
    {
        ("text_encoder", "sd2") => "clip_h",
        ("text_encoder", _) => "clip_l",
        ("text_encoder_2", _) => "clip_g",
        _ => null,
    };

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization reparameterization, string part, string name) =>
        written.Contains((reparameterization.Method.StoredAs ?? reparameterization.Method).Name) && part is not (SparseRest.IndicesPart or SparseRest.ValuesPart or SparseRest.SizePart)
            ? base.KeyOf(reparameterization, part, name)
            : null;

    /// <inheritdoc/>
    public override string? Mend(string key) => null;
}
