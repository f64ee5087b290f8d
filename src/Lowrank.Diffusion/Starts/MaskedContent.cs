namespace Lowrank.Diffusion;

/// <summary>What lies under a mask to begin with, numbered as AUTOMATIC1111 does (inpainting_fill).</summary>
public enum MaskedContent
{
    /// <summary>The colours around it: "fill".</summary>
    Surroundings = 0,

    /// <summary>The picture itself: "original".</summary>
    Original = 1,

    /// <summary>Noise in place of latents: "latent noise".</summary>
    Noise = 2,

    /// <summary>Latents of 0: "latent nothing".</summary>
    Nothing = 3,
}
