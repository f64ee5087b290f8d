namespace Lowrank.Diffusion;

/// <summary>
/// Puts the original back outside the mask after every step, with the same noise at the level that was reached; clean after the last.
/// </summary>
/// <param name="original">Clean latents of the original.</param>
/// <param name="noise">The noise that sampling began with.</param>
/// <param name="mask">1 where the picture is made anew, 0 where it stays.</param>
/// <remarks>
/// diffusers (0.42), pipeline_stable_diffusion_inpaint.py; RePaint (Lugmayr et al. 2022, arXiv:2201.09865) without its resampling.
/// </remarks>
public sealed class PutBackMixing(Tensor original, Tensor noise, Tensor mask) : LatentMixing
{
    /// <inheritdoc/>
    public override Tensor After(Tensor x, NoiseLevel? next)
    {
        var back = next is { } level ? PictureStart.Noised(original, noise, level) : original;
        return (1 - mask) * back + mask * x;
    }
}
