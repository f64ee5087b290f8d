namespace Lowrank.Adapters;

/// <summary>What a LoRA begins with.</summary>
/// <param name="Down">(rank, in·kernel), or in the layer's shape.</param>
/// <param name="Up">(out, rank), or with trailing ones.</param>
/// <param name="Mid">The core, or null.</param>
public sealed record LoraFactors(Tensor Down, Tensor Up, Tensor? Mid = null)
{
    /// <summary>Whether down is not trained.</summary>
    public bool FreezesDown { get; init; }

    /// <summary>Whether up is not trained.</summary>
    public bool FreezesUp { get; init; }
}
