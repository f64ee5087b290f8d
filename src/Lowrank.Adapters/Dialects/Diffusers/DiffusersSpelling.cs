namespace Lowrank.Adapters;

/// <summary>diffusers' names since 0.22: <c>unet.down_blocks.0....to_q.lora_A.weight</c>.</summary>
/// <remarks>
/// Text encoders are named with and without <c>text_model.</c>, which transformers 5.6 dropped; with it they are written. A key may have an
/// adapter's name in it (<c>lora_A.default.weight</c>), as checkpoints of training scripts do.
/// </remarks>
sealed class DiffusersSpelling : Spelling
{
    const string MagnitudeWeight = ".lora_magnitude_vector.weight";

    readonly AdapterNames names;

    /// <summary>The spelling.</summary>
    public DiffusersSpelling() => names = new(Suffixes.Select(s => s.Suffix));

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
    [
        (".lora_A.weight", "lora", "down"), (".lora_B.weight", "lora", "up"), (".lora_B.bias", "lora", TrainedBias.AddedPart),
        (".lora_magnitude_vector", "", Dora.Part), (MagnitudeWeight, "", Dora.Part), (".alpha", "", "alpha"),
    ];

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) =>
        PathsOf(component, target);

    /// <summary>
    /// A target's names in files of diffusers: with the component before its path, and without, as the denoiser alone is saved.
    /// </summary>
    public static IReadOnlyList<string> PathsOf(ModelComponent component, Target target)
    {
        var own = component.PathsOf(target).ToList();
        return [.. own.Select(path => $"{component.Name}.{path}"), .. own];
    }

    /// <inheritdoc/>
    public override string? Mend(string key) => names.Without(key);

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization made, string part, string name, ComponentRole role)
    {
        bool isForeignDora = part == Dora.Part && made.Settings?.Dora == DoraAxis.Input;
        if (isForeignDora || made.Target.Kind == LayerKind.Embedding) return null;
        // transformers, which loads text encoders, knows the vector as a module's weight; without the ending it keeps fresh norms.
        if (part == Dora.Part && role == ComponentRole.TextEncoder) return name + MagnitudeWeight;
        return base.KeyOf(made, part, name, role);
    }
}
