namespace Lowrank.Diffusion;

/// <summary>Begins with latents that noise is added to: a second pass over what a first one drew.</summary>
/// <param name="latents">Clean latents of each picture, (B, C, H, W); the caller's.</param>
/// <param name="strength">How much of them is made anew, above 0 to 1.</param>
public sealed class LatentsStart(Tensor latents, double strength) : LatentStart
{
    /// <inheritdoc/>
    public override double Strength => strength;

    /// <inheritdoc/>
    public override LatentBeginning Begin(LatentPreparation preparation) =>
        new(PictureStart.Noised(latents, preparation.Draw(), preparation.Plan.PictureLevel));
}
