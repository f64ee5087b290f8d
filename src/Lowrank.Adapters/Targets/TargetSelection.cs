namespace Lowrank.Adapters;

/// <summary>Which layers are adapted when nobody names them.</summary>
public static class TargetSelection
{
    /// <summary>The layers that kohya's sd-scripts adapts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="unet">
    /// Whether the UNet's transformers are adapted: every linear and pointwise convolution in them (SD 1: 192, SDXL: 722).
    /// </param>
    /// <param name="textEncoder">Whether the text encoders' attention and feed-forward layers are (SD 1: 72, SDXL: 72 and 192).</param>
    /// <param name="convolutions">
    /// Whether the residual blocks' convolutions and time projections, and the samplers' convolutions, are too.
    /// </param>
    public static IReadOnlyList<Target> Kohya(
        ModelDescription model, bool unet = true, bool textEncoder = false, bool convolutions = false) =>
        [.. from component in model.Components
            where component.Name == "unet" ? unet : textEncoder
            from pair in component.Targets
            where component.Name == "unet" ? IsOfUnet(pair.Target, convolutions) : IsOfTextEncoder(pair.Target)
            select pair.Target];

    static bool IsOfUnet(Target target, bool convolutions) =>
        target.Kind is LayerKind.Linear or LayerKind.Conv2d
        && (Has(target, ".attentions.")
            || convolutions && (Has(target, ".resnets.") || Has(target, ".downsamplers.") || Has(target, ".upsamplers.")));

    static bool IsOfTextEncoder(Target target) => target.Kind == LayerKind.Linear && (Has(target, ".self_attn.") || Has(target, ".mlp."));

    static bool Has(Target target, string part) => target.Path.Contains(part, StringComparison.Ordinal);
}
