namespace Lowrank.Adapters;

/// <summary>diffusers' first names: attention's layers inside of a processor.</summary>
/// <remarks>
/// In the denoiser they know attention alone, in text encoders the linear layers of a later time too. Where both stand in one file, the
/// later names are read as well.
/// </remarks>
sealed class DiffusersOldSpelling : DiffusersMiddleSpelling
{
    const string Down = "_lora.down.weight", Up = "_lora.up.weight";

    static readonly (string Own, string Old)[] denoiser =
    [
        (".to_q", ".processor.to_q"), (".to_k", ".processor.to_k"), (".to_v", ".processor.to_v"), (".to_out.0", ".processor.to_out"),
        (".add_k_proj", ".processor.add_k_proj"), (".add_v_proj", ".processor.add_v_proj"),
    ];

    static readonly (string Own, string Old)[] text =
    [
        (".self_attn.q_proj", ".self_attn.to_q"), (".self_attn.k_proj", ".self_attn.to_k"), (".self_attn.v_proj", ".self_attn.to_v"),
        (".self_attn.out_proj", ".self_attn.to_out"),
    ];

    /// <summary>The spelling.</summary>
    public DiffusersOldSpelling() => Suffixes = [(Down, "lora", "down"), (Up, "lora", "up"), .. base.Suffixes];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; }

    /// <summary>Whether a key is a factor's in these names.</summary>
    public static bool IsFactor(string key) => key.EndsWith(Down, StringComparison.Ordinal) || key.EndsWith(Up, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        var table = component.Role == ComponentRole.TextEncoder ? text : denoiser;
        var (own, old) = table.FirstOrDefault(pair => target.Path.EndsWith(pair.Own, StringComparison.Ordinal));
        var names = base.Names(model, component, target);
        return own is null ? names : [.. names.Select(name => name[..^own.Length] + old), .. names];
    }

    /// <summary>Of the denoiser's layers those of attention alone have a name.</summary>
    public override string? WrittenName(Adapter adapter, ModelDescription model, ModelComponent component, Target target)
    {
        if (base.WrittenName(adapter, model, component, target) is not { } name) return null;
        return name != target.Path || component.Role == ComponentRole.TextEncoder ? name : null;
    }

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization made, string part, string name, ComponentRole role)
    {
        if (name == made.Target.Path) return base.KeyOf(made, part, name, role);
        if (StoredMethod(made) != Lora.Descriptor) return null;
        return part switch { "down" => name + Down, "up" => name + Up, _ => null };
    }
}
