namespace Lowrank.Diffusion;

/// <summary>Begins with a picture that noise is added to.</summary>
/// <param name="pictures">One for all, or one for each picture of the run: (1 or B, 3, H, W) in [−1, 1]; the caller's.</param>
/// <param name="strength">How much of it is made anew, above 0 to 1.</param>
public sealed class PictureStart(Tensor pictures, double strength) : LatentStart
{
    readonly Tensor pictures = StartTensors.Pictures(pictures);

    /// <inheritdoc/>
    public override double Strength => strength;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(int width, int height) => StartTensors.SizeFaults(pictures, "picture", width, height);

    /// <inheritdoc/>
    public override LatentBeginning Begin(LatentPreparation preparation)
    {
        var latents = preparation.Encode(preparation.ForEach(pictures), preparation.DrawEncoding());
        return new(Noised(latents, preparation.Draw(), preparation.Plan.PictureLevel));
    }

    /// <summary>α·latents + σ·noise: latents at a level.</summary>
    /// <param name="latents">Clean latents.</param>
    /// <param name="noise">Normal noise of the same shape.</param>
    /// <param name="level">The level.</param>
    /// <param name="extra">Further noise, as a multiple of the noise, where a program adds some whatever the level.</param>
    public static Tensor Noised(Tensor latents, Tensor noise, NoiseLevel level, double extra = 0) =>
        level.Alpha * latents + (level.Sigma + extra * level.Alpha) * noise;
}
