namespace Lowrank.Diffusion;

/// <summary>
/// Puts the original back twice around every question to the network, as ComfyUI does: noised to the level before it, clean into its
/// answer.
/// </summary>
/// <param name="original">Clean latents of the original.</param>
/// <param name="noise">The noise that sampling began with.</param>
/// <param name="mask">1 where the picture is made anew, 0 where it stays, and between where it is soft.</param>
/// <remarks>ComfyUI 0.3.64, comfy/samplers.py (KSamplerX0Inpaint).</remarks>
public sealed class NoisedMixing(Tensor original, Tensor noise, Tensor mask) : LatentMixing
{
    /// <inheritdoc/>
    public override Tensor Before(Tensor x, NoiseLevel level) => x * mask + PictureStart.Noised(original, noise, level) * (1 - mask);

    /// <inheritdoc/>
    public override Tensor OfClean(Tensor clean, NoiseLevel level) => clean * mask + original * (1 - mask);
}
