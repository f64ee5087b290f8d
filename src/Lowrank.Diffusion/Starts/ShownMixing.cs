namespace Lowrank.Diffusion;

/// <summary>
/// Shows the network the clean original outside the mask, without noise, and puts it back at the end, as AUTOMATIC1111 does with DDIM, PLMS
/// and UniPC.
/// </summary>
/// <param name="original">Clean latents of the original.</param>
/// <param name="mask">1 where the picture is made anew, 0 where it stays, and between where it is soft.</param>
/// <remarks>stable-diffusion-webui v1.10.1, modules/sd_samplers_cfg_denoiser.py (mask_before_denoising).</remarks>
public sealed class ShownMixing(Tensor original, Tensor mask) : LatentMixing
{
    /// <inheritdoc/>
    public override Tensor Shown(Tensor x, NoiseLevel level) => x * mask + original * (1 - mask);

    /// <inheritdoc/>
    public override Tensor After(Tensor x, NoiseLevel? next) => next is null ? Shown(x, default) : x;
}
