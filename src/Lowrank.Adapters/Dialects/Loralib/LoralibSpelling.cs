namespace Lowrank.Adapters;

/// <summary>loralib's names: the model's own paths.</summary>
sealed class LoralibSpelling : Spelling
{
    const string Down = ".lora_A", Up = ".lora_B";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
        [(Down, "lora", "down"), (Up, "lora", "up"), (".bias", "", TrainedBias.Part)];

    /// <summary>Whether a key is a factor's in these names and no other dialect's.</summary>
    public static bool IsFactor(string key)
    {
        bool isFactor = key.EndsWith(Down, StringComparison.Ordinal) || key.EndsWith(Up, StringComparison.Ordinal);
        return isFactor && !PeftSpelling.Begins(key) && !ComfyUiSpelling.Begins(key) && !KohyaDialect.Begins(key);
    }

    /// <summary>A file's layers of two matrices, with their factors' shapes.</summary>
    public static IEnumerable<(string Name, long[] Down, long[] Up)> LayersIn(ITensorFile file)
    {
        var shapes = file.Tensors.ToDictionary(t => t.Name, t => t.Shape);
        foreach (var (key, down) in shapes)
        {
            if (!key.EndsWith(Down, StringComparison.Ordinal) || down.Length != 2) continue;
            string name = key[..^Down.Length];
            if (shapes.TryGetValue(name + Up, out var up) && up.Length == 2) yield return (name, down, up);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) =>
        model.Components.Count == 1 ? [component.PathOf(target)] : [target.Path, component.PathOf(target)];

    /// <inheritdoc/>
    public override string PathOf(string name) => name;

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization made, string part, string name, ComponentRole role) =>
        made.Target.IsConvolution ? null : base.KeyOf(made, part, name, role);
}
