namespace Lowrank.Diffusion;

/// <summary>Which of the <see cref="SamplerOptions"/> a sampler heeds.</summary>
[Flags]
public enum SamplerSettings
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="SamplerOptions.Eta"/>.</summary>
    Eta = 1,

    /// <summary><see cref="SamplerOptions.NoiseScale"/>.</summary>
    NoiseScale = 2,

    /// <summary>Both of these: the fresh noise of ancestral and stochastic samplers.</summary>
    FreshNoise = Eta | NoiseScale,

    /// <summary><see cref="SamplerOptions.Churn"/>.</summary>
    Churn = 4,

    /// <summary><see cref="SamplerOptions.Midpoint"/>.</summary>
    Midpoint = 8,

    /// <summary><see cref="SamplerOptions.Order"/>.</summary>
    Order = 16,

    /// <summary><see cref="SamplerOptions.Gamma"/>.</summary>
    Gamma = 32,

    /// <summary><see cref="SamplerOptions.Adaptive"/>.</summary>
    Tolerance = 64,
}
