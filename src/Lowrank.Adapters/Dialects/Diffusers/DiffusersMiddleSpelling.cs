namespace Lowrank.Adapters;

/// <summary>diffusers' names from 0.17 on: text encoders' factors have another suffix than the denoiser's.</summary>
class DiffusersMiddleSpelling : Spelling
{
    const string OfDenoiser = ".lora.", OfTextEncoder = ".lora_linear_layer.";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
    [
        (".lora.down.weight", "lora", "down"), (".lora.up.weight", "lora", "up"),
        (".lora_linear_layer.down.weight", "lora", "down"), (".lora_linear_layer.up.weight", "lora", "up"), (".alpha", "", "alpha"),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) =>
        DiffusersSpelling.PathsOf(component, target);

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization made, string part, string name, ComponentRole role)
    {
        if (made.Target.Kind is LayerKind.Embedding) return null;
        string method = StoredMethod(made).Name, start = role == ComponentRole.TextEncoder ? OfTextEncoder : OfDenoiser;
        var (suffix, _, _) = Suffixes.FirstOrDefault(
            s => s.Part == part && s.Method == method && s.Suffix.StartsWith(start, StringComparison.Ordinal));
        return suffix is null ? null : name + suffix;
    }
}
