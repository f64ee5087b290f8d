namespace Lowrank.Diffusion;

/// <summary>Begins with latents that noise is added to: a second pass over what a first one drew.</summary>
/// <param name="latents">Clean latents of each picture, (B, C, H, W); the caller's.</param>
/// <param name="strength">How much of them is made anew, above 0 to 1.</param>
public sealed class LatentsStart(Tensor latents, double strength) : LatentStart
{
    readonly Tensor latents = latents ?? throw new ArgumentNullException(nameof(latents));

    /// <inheritdoc/>
    public override double Strength => strength;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The latents have another shape than the run's noise.</exception>
    public override LatentBeginning Begin(LatentPreparation preparation)
    {
        var noise = preparation.Draw();
        if (!latents.shape.AsSpan().SequenceEqual(noise.shape))
            throw new ShapeException($"the latents to begin with have the shape {latents.shape.Text()}, and the run's have " +
                $"{noise.shape.Text()} (a latent for each picture, of the size that is drawn)");
        return new(PictureStart.Noised(latents, noise, preparation.Plan.PictureLevel));
    }
}
