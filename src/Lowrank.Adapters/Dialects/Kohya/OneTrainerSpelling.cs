namespace Lowrank.Adapters;

/// <summary>kohya's names with the published paths, and two further spellings that are read.</summary>
/// <remarks>
/// Both have dots: <c>lora_unet.down_blocks.0....lora_down.weight</c>, and with LDM's blocks <c>unet.input_blocks.1.1....</c>,
/// <c>clip_l.text_model....</c>
/// </remarks>
sealed class OneTrainerSpelling : KohyaSpelling
{
    const string Program = "onetrainer";

    // What such names begin with, by which a file is known before its model is.
    static readonly string[] dotted = ["lora_unet.", "lora_te.", "lora_te1.", "lora_te2.", "unet.", "clip_l.", "clip_g."];

    static readonly HashSet<string> written = ["lora", "loha"];

    static readonly HashSet<string> unwritten = [.. KohyaParts.Sparse, "mid", "t1", "t2", Wrappers.ShapePart, BiasChange.Part];

    /// <summary>Whether a key is a factor's in one of the spellings with dots.</summary>
    public static bool IsDotted(string key) => dotted.Any(start => key.StartsWith(start, StringComparison.Ordinal)) && IsFactor(key);

    static bool IsFactor(string key) =>
        KohyaParts.All.Any(s => s.Part != "alpha" && s.Method is "lora" or "loha" && key.EndsWith(s.Suffix, StringComparison.Ordinal));

    /// <inheritdoc/>
    protected override string? SpellingOf(ModelComponent component) => null;

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        string[] names = component.Aliases.TryGetValue(Program, out var alias) ? [.. alias.Names] : [];
        var others = component.OtherNames.Keys.Select(spelling => component.PathIn(spelling, target)).OfType<string>();
        string[] paths = [.. others, component.PathOf(target)];
        return base.Names(model, component, target).Concat(names.SelectMany(name => paths.Select(path => $"{name}.{path}")));
    }

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization made, string part, string name, ComponentRole role) =>
        written.Contains(StoredMethod(made).Name) && !unwritten.Contains(part) ? base.KeyOf(made, part, name, role) : null;
}
