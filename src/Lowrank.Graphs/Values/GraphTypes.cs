namespace Lowrank.Graphs;

/// <summary>ComfyUI's names of what flows along links.</summary>
public static class GraphTypes
{
    /// <summary>A denoising network with what was changed in it: <see cref="ModelValue"/>.</summary>
    public const string Model = "MODEL";

    /// <summary>Text encoders with what was changed in them: <see cref="ClipValue"/>.</summary>
    public const string Clip = "CLIP";

    /// <summary>An autoencoder: <see cref="VaeValue"/>.</summary>
    public const string Vae = "VAE";

    /// <summary>Encoded prompts: <see cref="ConditioningValue"/>.</summary>
    public const string Conditioning = "CONDITIONING";

    /// <summary>Latents: <see cref="LatentValue"/>.</summary>
    public const string Latent = "LATENT";

    /// <summary>Pictures: <see cref="ImageValue"/>.</summary>
    public const string Image = "IMAGE";

    /// <summary>Masks: <see cref="MaskValue"/>.</summary>
    public const string Mask = "MASK";

    /// <summary>A falling (or rising) row of noise levels: <see cref="SigmasValue"/>.</summary>
    public const string Sigmas = "SIGMAS";

    /// <summary>A way down from noise.</summary>
    public const string Sampler = "SAMPLER";

    /// <summary>Where noise comes from.</summary>
    public const string Noise = "NOISE";

    /// <summary>How predictions under several conditions become one.</summary>
    public const string Guider = "GUIDER";

    /// <summary>Adapters that follow the steps.</summary>
    public const string Hooks = "HOOKS";

    /// <summary>How the strength of hooks changes with the steps.</summary>
    public const string HookKeyframes = "HOOK_KEYFRAMES";

    /// <summary>A whole number: <see cref="WholeValue"/>.</summary>
    public const string Whole = "INT";

    /// <summary>A number: <see cref="NumberValue"/>.</summary>
    public const string Number = "FLOAT";

    /// <summary>A text: <see cref="TextValue"/>.</summary>
    public const string Text = "STRING";

    /// <summary>A switch: <see cref="FlagValue"/>.</summary>
    public const string Flag = "BOOLEAN";

    /// <summary>One of a list, as the classes of ComfyUI's later form name it.</summary>
    public const string Choice = "COMBO";

    /// <summary>Anything.</summary>
    public const string Any = "*";
}
