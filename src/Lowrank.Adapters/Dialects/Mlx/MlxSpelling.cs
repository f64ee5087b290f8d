namespace Lowrank.Adapters;

/// <summary>mlx-lm's names: the paths of its own modules, which are the published ones but for a few families.</summary>
sealed class MlxSpelling : Spelling
{
    /// <summary>The program, by whose name models tell which of their paths it changes.</summary>
    public const string Program = "mlx-lm";

    const string Down = ".lora_a", Up = ".lora_b", Magnitude = ".m";

    // Where paths of families begin that it changes: without the model they are not told from others'.
    static readonly string[] changedHere = ["transformer.", "gpt_neox."], changedThere = ["model.h.", "model.wte", "model.wpe"];

    // What it calls tables of tokens, whose factors look like a linear layer's.
    static readonly string[] tables = ["embed_tokens", "embed_in", "wte", "wpe"];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
    [
        (Down, "lora", "down"), (Up, "lora", "up"), (Magnitude, "", Dora.Part),
        (".weight", Replacement.Descriptor.Name, "weight"), (".bias", Replacement.Descriptor.Name, "bias"),
    ];

    /// <summary>Whether a key is a factor's in these names and no other dialect's.</summary>
    public static bool IsFactor(string key) => IsDown(key) || key.EndsWith(Up, StringComparison.Ordinal) && !GgufSpelling.IsFactor(key);

    /// <summary>Whether a key is a first factor's.</summary>
    public static bool IsDown(string key) => key.EndsWith(Down, StringComparison.Ordinal) && !GgufSpelling.IsFactor(key);

    /// <summary>Whether a key holds DoRA's magnitudes.</summary>
    public static bool IsMagnitude(string key) => key.EndsWith(Magnitude, StringComparison.Ordinal);

    /// <summary>Whether a layer is a table of tokens, by its name.</summary>
    public static bool IsTable(string name) => tables.Contains(name[(name.LastIndexOf('.') + 1)..]);

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) =>
        NameOf(component, target) is { } name ? [name] : [];

    /// <summary>What mlx-lm calls a layer; null where it has no name for it, or the model is needed to tell.</summary>
    public static string? NameOf(ModelComponent component, Target target)
    {
        if (component.Aliases.GetValueOrDefault(Program)?.Spelling is { } spelling) return component.PathIn(spelling, target);
        string path = component.PathOf(target);
        bool isKnown = component.Aliases.ContainsKey(Program);
        return !isKnown && changedHere.Any(start => path.StartsWith(start, StringComparison.Ordinal)) ? null : path;
    }

    /// <inheritdoc/>
    public override string? PathOf(string name) =>
        changedThere.Any(start => name.StartsWith(start, StringComparison.Ordinal)) ? null : name;
}
