namespace Lowrank.Diffusion;

/// <summary>Whose way a sampler goes in the details in which programs differ.</summary>
public enum SamplerManner
{
    /// <summary>k-diffusion's: churn draws at every step, LMS extrapolates in the last one.</summary>
    KDiffusion,

    /// <summary>AUTOMATIC1111's: k-diffusion's, and LCM asks at the timesteps of its distillation.</summary>
    WebUi,

    /// <summary>ComfyUI's: churn draws only what it uses, LMS ends at the clean estimate.</summary>
    ComfyUi,
}
