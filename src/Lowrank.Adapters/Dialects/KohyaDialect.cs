namespace Lowrank.Adapters;

/// <summary>kohya's sd-scripts, and so AUTOMATIC1111 and ComfyUI: <c>lora_unet_down_blocks_0_..._to_q.lora_down.weight</c>.</summary>
/// <remarks>
/// A module's name is a prefix and its path with underscores for dots. SDXL's UNet is written in SGM's spelling
/// (<c>input_blocks_4_1_...</c>); both spellings are read, mixed too. Source: kohya-ss/sd-scripts networks/lora.py at 48d368f.
/// </remarks>
public sealed class KohyaDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "kohya";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
    [
        (".lora_down.weight", "lora", "down"), (".lora_up.weight", "lora", "up"), (".lora_mid.weight", "lora", "mid"),
        (".dora_scale", "", Dora.Part),
        (".alpha", "", "alpha"),
    ];

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) =>
        keys.Any(key => key.StartsWith("lora_", StringComparison.Ordinal) && key.Contains('.'));

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        var prefix = (component.Name, model.Family) switch
        {
            ("unet", _) => "lora_unet_",
            ("text_encoder", "sdxl") => "lora_te1_",
            ("text_encoder", _) => "lora_te_",
            ("text_encoder_2", _) => "lora_te2_",
            var (name, _) => $"lora_{name}_",
        };
        var path = target.Path[(component.Name.Length + 1)..];
        var own = prefix + path.Replace('.', '_');
        var other = component.OtherNames.GetValueOrDefault("ldm")?.ToOther(path) is { } ldm ? prefix + ldm.Replace('.', '_') : null;
        return other is null ? [own] : model.Family == "sdxl" ? [other, own] : [own, other];
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
