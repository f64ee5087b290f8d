namespace Lowrank.Adapters;

/// <summary>diffusers' files from 0.17 on: <c>unet.down_blocks.0....to_q.lora.down.weight</c>, and <c>.lora_linear_layer.down.weight</c> in text encoders.</summary>
/// <remarks>They have no place for alpha: the scale is multiplied into up. Source: diffusers 0.42.1, utils/state_dict_utils.py.</remarks>
public class DiffusersMiddleDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "diffusers-mid";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
    [
        (".lora.down.weight", "lora", "down"), (".lora.up.weight", "lora", "up"),
        (".lora_linear_layer.down.weight", "lora", "down"), (".lora_linear_layer.up.weight", "lora", "up"), (".alpha", "", "alpha"),
    ];

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(key =>
        (key.Contains(".lora.down.", StringComparison.Ordinal) || key.Contains(".lora_linear_layer.", StringComparison.Ordinal)) && !ComfyUiDialect.Begins(key));

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) => DiffusersDialect.Spellings(component, target);

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization reparameterization, string part, string name)
    {
        if (reparameterization.Target.Kind is LayerKind.Embedding) return null;
        bool text = reparameterization.Target.Path.StartsWith("text_encoder", StringComparison.Ordinal);
        var method = reparameterization.Method.StoredAs ?? reparameterization.Method;
        return Suffixes.FirstOrDefault(s => s.Part == part && s.Method == method.Name && s.Suffix.StartsWith(text ? ".lora_linear_layer." : ".lora.", StringComparison.Ordinal)).Suffix is { } suffix
            ? name + suffix : null;
    }

    /// <inheritdoc/>
    public override Tensor? Value(Reparameterization reparameterization, string part, Tensor value) => Baked(reparameterization, part, value);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter, ModelDescription model, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata) =>
        new Dictionary<string, string>(metadata) { ["format"] = "pt" };
}
