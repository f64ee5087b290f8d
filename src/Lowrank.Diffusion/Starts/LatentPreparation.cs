namespace Lowrank.Diffusion;

/// <summary>What a start may use.</summary>
/// <param name="Plan">The way that is sampled, already without the steps that a start with a picture leaves out.</param>
/// <param name="Pictures">Number of pictures, B.</param>
/// <param name="Draw">The next normal draw of each picture, (B, C, H, W), float32.</param>
/// <param name="Encode">
/// Latents, scaled as the network sees them, of pictures (B, 3, H, W) in [−1, 1] and a draw for each.
/// </param>
public sealed record LatentPreparation(SamplingPlan Plan, int Pictures, Func<Tensor> Draw, Func<Tensor, Tensor, Tensor> Encode)
{
    /// <summary>Whether the network sees a mask and the masked picture beside the latents.</summary>
    public bool ShowsMask { get; init; }

    /// <summary>Whether the picture that is given stays in the sample at any strength.</summary>
    public bool KeepsSignal { get; init; }

    /// <summary>
    /// The next draw of what the autoencoder is asked, (B, C, H, W), float32; from the noise's own source unless another is given.
    /// </summary>
    public Func<Tensor> DrawEncoding { get => field ?? Draw; init; }

    /// <summary>Makes what holds a part as it is: of clean latents, noise, and a mask that is 1 where they are drawn anew.</summary>
    public Func<Tensor, Tensor, Tensor, LatentMixing> Mixing { get; init; } =
        (original, noise, mask) => new PutBackMixing(original, noise, mask);

    /// <summary>A picture for each of the run's, where there is but one.</summary>
    /// <exception cref="ShapeException">There are several, and another number than the run's.</exception>
    public Tensor ForEach(Tensor pictures)
    {
        var (count, channels, height, width) = pictures.shape;
        if (count != 1 && count != Pictures)
            throw new ShapeException($"a run of {Pictures} pictures begins with one picture or with {Pictures}, and {count} were given");
        return pictures.expand(Pictures, channels, height, width);
    }
}
