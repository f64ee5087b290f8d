namespace Lowrank.Adapters;

/// <summary>kohya's names, for LoRA and LoKr alone, with a suffix of its own for DoRA's magnitudes.</summary>
sealed class AiToolkitSpelling() : KohyaSpelling(suffixes: [(Magnitude, "", Dora.Part), .. KohyaParts.All])
{
    /// <summary>The suffix of DoRA's magnitudes.</summary>
    public const string Magnitude = ".magnitude";

    static readonly HashSet<string> unwritten = [.. KohyaParts.Sparse, Wrappers.ShapePart, BiasChange.Part];

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization made, string part, string name, ComponentRole role)
    {
        string method = StoredMethod(made).Name;
        bool isKnown = method is "lora" or "lokr";
        // DoRA is LoRA's there, and keeps the norms of outputs.
        bool isForeignDora = part == Dora.Part && (method != "lora" || made.Settings?.Dora == DoraAxis.Input);
        return isKnown && !isForeignDora && !unwritten.Contains(part) ? base.KeyOf(made, part, name, role) : null;
    }
}
