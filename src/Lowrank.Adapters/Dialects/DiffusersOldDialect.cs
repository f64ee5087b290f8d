namespace Lowrank.Adapters;

/// <summary>diffusers' first files: <c>unet.down_blocks.0....attn1.processor.to_q_lora.down.weight</c>, the very first without <c>unet.</c>; text encoders <c>self_attn.to_q_lora.down.weight</c>.</summary>
/// <remarks>
/// In the UNet they know attention alone, in text encoders the linear layers of a later time too. They have no place for alpha: the scale is multiplied into up. Where both
/// stand in one file, the names of <see cref="DiffusersMiddleDialect"/> are read as well. Source: diffusers 0.42.1, utils/state_dict_utils.py.
/// </remarks>
public sealed class DiffusersOldDialect : DiffusersMiddleDialect
{
    const string Down = "_lora.down.weight", Up = "_lora.up.weight";

    static readonly (string Own, string Old)[] unet =
    [
        (".to_q", ".processor.to_q"), (".to_k", ".processor.to_k"), (".to_v", ".processor.to_v"), (".to_out.0", ".processor.to_out"),
        (".add_k_proj", ".processor.add_k_proj"), (".add_v_proj", ".processor.add_v_proj"),
    ];

    static readonly (string Own, string Old)[] text =
        [(".self_attn.q_proj", ".self_attn.to_q"), (".self_attn.k_proj", ".self_attn.to_k"), (".self_attn.v_proj", ".self_attn.to_v"), (".self_attn.out_proj", ".self_attn.to_out")];

    /// <inheritdoc/>
    public override string Name => "diffusers-old";

    /// <inheritdoc/>
    public override string Refines => "diffusers-mid";

    /// <summary>The one there is.</summary>
    public DiffusersOldDialect() => Suffixes = [(Down, "lora", "down"), (Up, "lora", "up"), .. base.Suffixes];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; }

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) =>
        keys.Any(key => (key.EndsWith(Down, StringComparison.Ordinal) || key.EndsWith(Up, StringComparison.Ordinal)) && !ComfyUiDialect.Begins(key));

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        bool encodes = component.Name.StartsWith("text_encoder", StringComparison.Ordinal);
        var table = encodes ? text : unet;
        var (own, old) = table.FirstOrDefault(pair => target.Path.EndsWith(pair.Own, StringComparison.Ordinal));
        var names = base.Names(model, component, target);
        return own is null ? names : [.. names.Select(name => name[..^own.Length] + old), .. names];
    }

    /// <summary>Of the UNet's layers those of attention alone have a name.</summary>
    public override string? WrittenName(Adapter adapter, ModelDescription model, ModelComponent component, Target target) =>
        base.WrittenName(adapter, model, component, target) is { } name && (name != target.Path || component.Name.StartsWith("text_encoder", StringComparison.Ordinal)) ? name : null;

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization reparameterization, string part, string name)
    {
        if (name == reparameterization.Target.Path) return base.KeyOf(reparameterization, part, name);
        if ((reparameterization.Method.StoredAs ?? reparameterization.Method) != Lora.Descriptor) return null;
        return part switch { "down" => name + Down, "up" => name + Up, _ => null };
    }
}
