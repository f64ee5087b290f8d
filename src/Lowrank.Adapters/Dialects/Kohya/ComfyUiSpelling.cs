namespace Lowrank.Adapters;

/// <summary>ComfyUI's names: the denoiser's paths behind what it calls denoisers, text encoders' behind their own name.</summary>
sealed class ComfyUiSpelling : Spelling
{
    const string Program = "comfyui", Denoiser = "diffusion_model", Texts = "text_encoders.";

    // What ComfyUI has an adapter for; other parts of kohya's are read and not written.
    static readonly HashSet<string> written = ["lora", "loha", "lokr", "glora", "diag-oft", "boft", "full", "norm", "whole"];

    /// <summary>Whether a key begins as ComfyUI's do, whose ends are others' too.</summary>
    public static bool Begins(string key) =>
        key.StartsWith(Denoiser + ".", StringComparison.Ordinal) || key.StartsWith(Texts, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
    [
        .. KohyaParts.All,
        (".lora_A.weight", "lora", "down"), (".lora_B.weight", "lora", "up"), (".lora_A", "lora", "down"), (".lora_B", "lora", "up"),
        (".lora.down.weight", "lora", "down"), (".lora.up.weight", "lora", "up"),
        ("_lora.down.weight", "lora", "down"), ("_lora.up.weight", "lora", "up"),
        (".lora_linear_layer.down.weight", "lora", "down"), (".lora_linear_layer.up.weight", "lora", "up"),
        (".lora.mid.weight", "lora", "mid"),
    ];

    readonly AdapterNames names;

    /// <summary>The spelling.</summary>
    public ComfyUiSpelling() => names = new(Suffixes.Select(s => s.Suffix).Where(s => s.StartsWith(".lora_", StringComparison.Ordinal)));

    /// <summary>An adapter's name inside a key is taken out.</summary>
    public override string? Mend(string key) => names.Without(key);

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        var alias = component.Aliases.GetValueOrDefault(Program);
        string name = alias?.Names[0] ?? Denoiser;
        if (alias is not null && component.Role == ComponentRole.TextEncoder)
            return component.PathsOf(target).Select(path => $"{Texts}{name}.transformer.{path}");
        string path = component.PathOf(target);
        string? other = alias?.Spelling is { } spelling ? component.PathIn(spelling, target) : null;
        return other is null ? [$"{name}.{path}"] : [$"{name}.{other}", $"{name}.{path}"];
    }

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization made, string part, string name, ComponentRole role) =>
        written.Contains(StoredMethod(made).Name) && !KohyaParts.Sparse.Contains(part) ? base.KeyOf(made, part, name, role) : null;
}
