namespace Lowrank.Adapters;

/// <summary>An adapter that is merged, and how strongly.</summary>
/// <param name="Adapter">The adapter.</param>
/// <param name="Strength">The user's multiplier.</param>
public sealed record MergeTerm(Adapter Adapter, double Strength = 1)
{
    /// <summary>Strengths of components ("unet", "text_encoder") in place of <see cref="Strength"/>.</summary>
    public IReadOnlyDictionary<string, double> Components { get; init; } = new Dictionary<string, double>();

    /// <summary>Multipliers of blocks (LoRA block weight); null weighs all alike. Layers in no block keep their strength.</summary>
    public BlockList? Blocks { get; init; }

    /// <summary>The strength at a layer.</summary>
    public double At(TargetPlace place) => Components.GetValueOrDefault(place.Component, Strength) * (Blocks?.For(place) ?? 1);
}
