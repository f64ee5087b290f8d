namespace Lowrank.Adapters;

/// <summary>The model's own paths before kohya's and LyCORIS's parts.</summary>
sealed class DottedSpelling : Spelling
{
    // What keys of other dialects with the same parts begin with.
    static readonly string[] others = ["lora_", "oft_", "oft.", "lycoris_", "bundle_emb."];

    static readonly string[] streams = ["_lora1", "_lora2"];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
    [
        .. KohyaParts.All, (".down.weight", "lora", "down"), (".up.weight", "lora", "up"),
    ];

    /// <summary>Whether a key is another dialect's.</summary>
    public static bool IsOther(string key) =>
        others.Any(start => key.StartsWith(start, StringComparison.Ordinal))
        || ComfyUiSpelling.Begins(key) || PeftSpelling.Begins(key) || OneTrainerSpelling.IsDotted(key);

    /// <summary>Whether a key ends as a factor's.</summary>
    public static bool IsFactor(string key) => key.Contains('.') && (HasPart(key) || IsStream(key));

    static bool HasPart(string key) => KohyaParts.All.Any(s =>
        s.Method is "lora" or "loha" or "lokr" && key.Length > s.Suffix.Length
        && key.EndsWith(s.Suffix, StringComparison.Ordinal));

    static bool IsStream(string key) => streams.Any(stream =>
        key.EndsWith(stream + ".down.weight", StringComparison.Ordinal) || key.EndsWith(stream + ".up.weight", StringComparison.Ordinal));

    /// <summary>Of a model in parts they would be the names of other dialects.</summary>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) =>
        model.Components.Count == 1 ? component.PathsOf(target) : [];
}
