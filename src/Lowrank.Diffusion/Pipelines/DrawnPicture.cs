namespace Lowrank.Diffusion;

/// <summary>A picture with a measure of its soundness.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Deviation">Standard deviation of its latents as the network sees them: about 1 of an ordinary picture.</param>
public sealed record DrawnPicture(Picture Picture, double Deviation)
{
    /// <summary>The measure of latents (C, H, W).</summary>
    public static double DeviationOf(Tensor latents) => latents.std(unbiased: false).ToDouble();

    /// <summary>Whether the latents lie so far out that the picture shows nothing that the model has learnt.</summary>
    public bool IsFarOut => Deviation > 6;
}
