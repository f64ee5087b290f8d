namespace Lowrank.Graphs;

/// <summary>Latents between nodes.</summary>
/// <param name="Samples">
/// (N, C, H, W), float32 on the CPU, in the autoencoder's own units: what a denoising network sees, divided by the scaling factor.
/// </param>
public sealed record LatentValue(Tensor Samples) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Latent;

    /// <summary>Where noise is added and taken away (1) and where not (0), (M, 1, h, w) of any size; null is everywhere.</summary>
    public Tensor? NoiseMask { get; init; }

    /// <summary>
    /// Which draw of noise each row takes, counted from 0 in the batch in which it stood first; null is each its own place.
    /// </summary>
    public IReadOnlyList<int>? BatchIndex { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<Tensor> Tensors => NoiseMask is { } mask ? [Samples, mask] : [Samples];
}
