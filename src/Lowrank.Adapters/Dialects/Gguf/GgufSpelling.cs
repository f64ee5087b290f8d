namespace Lowrank.Adapters;

/// <summary>llama.cpp's names: <c>blk.0.attn_q.weight.lora_a</c>, the base's tensor and the factor.</summary>
sealed class GgufSpelling : Spelling
{
    /// <summary>The program, by whose name models tell what it calls their layers.</summary>
    public const string Program = "llama.cpp";

    /// <summary>The table of tokens, the one embedding whose factors llama.cpp takes.</summary>
    public const string Tokens = "token_embd";

    const string Down = ".weight.lora_a", Up = ".weight.lora_b";

    /// <inheritdoc/>
    /// <remarks>Whole weights are those of norms, which llama.cpp's converter writes and llama.cpp passes over.</remarks>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
        [(Down, "lora", "down"), (Up, "lora", "up"), (".weight", Replacement.Descriptor.Name, "weight")];

    /// <summary>Whether a key is a factor's.</summary>
    public static bool IsFactor(string key) => IsDown(key) || key.EndsWith(Up, StringComparison.Ordinal);

    /// <summary>Whether a key is a first factor's.</summary>
    public static bool IsDown(string key) => key.EndsWith(Down, StringComparison.Ordinal);

    /// <summary>The second factor of a first.</summary>
    public static string UpOf(string down) => down[..^Down.Length] + Up;

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) =>
        NameOf(component, target) is { } name ? [name] : [];

    /// <summary>What llama.cpp calls a layer; null where it has no name for it.</summary>
    public static string? NameOf(ModelComponent component, Target target) =>
        component.Aliases.GetValueOrDefault(Program)?.Spelling is { } spelling ? component.PathIn(spelling, target) : null;

    /// <summary>What llama.cpp calls a model's family; null where it knows none of it.</summary>
    public static string? ArchitectureOf(ModelDescription model) =>
        model.Components.Select(component => component.Aliases.GetValueOrDefault(Program)?.Names[0])
            .FirstOrDefault(name => name is not null);

    /// <summary>Factors of a LoRA alone.</summary>
    public override string? KeyOf(Reparameterization made, string part, string name, ComponentRole role) =>
        StoredMethod(made) == Lora.Descriptor ? base.KeyOf(made, part, name, role) : null;

    /// <summary>And the divisors of a rotation, which early converters left among the factors.</summary>
    public override string? WhyNotNeeded(string key) =>
        key == "rope_freqs.weight"
            ? "divisors of the base's rotation, which are not trained; llama.cpp refuses a file with them"
            : base.WhyNotNeeded(key);
}
