namespace Lowrank.Diffusion;

/// <summary>Puts the original back into every clean estimate outside the mask, as AUTOMATIC1111 does with k-diffusion's samplers.</summary>
/// <param name="original">Clean latents of the original.</param>
/// <param name="mask">1 where the picture is made anew, 0 where it stays, and between where it is soft.</param>
/// <remarks>stable-diffusion-webui v1.10.1, modules/sd_samplers_cfg_denoiser.py.</remarks>
public sealed class CleanMixing(Tensor original, Tensor mask) : LatentMixing
{
    /// <inheritdoc/>
    public override Tensor OfClean(Tensor clean, NoiseLevel level) => clean * mask + original * (1 - mask);

    /// <inheritdoc/>
    public override Tensor After(Tensor x, NoiseLevel? next) => next is null ? OfClean(x, default) : x;
}
