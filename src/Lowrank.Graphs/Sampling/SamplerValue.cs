namespace Lowrank.Graphs;

/// <summary>A way down from noise.</summary>
/// <param name="Sampler">The sampler.</param>
public sealed record SamplerValue(Sampler Sampler) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Sampler;

    /// <summary>Whether another noise than the start's is mixed in outside a noise mask, as ComfyUI's <c>ddim</c> does.</summary>
    public bool MixesOtherNoise { get; init; }
}
