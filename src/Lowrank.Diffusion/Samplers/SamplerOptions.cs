namespace Lowrank.Diffusion;

/// <summary>What a user may set on a sampler; each takes what it knows.</summary>
public sealed record SamplerOptions
{
    /// <summary>Share of fresh noise in DDIM, the ancestral and the stochastic samplers; null means the sampler's own default.</summary>
    public double? Eta { get; init; }

    /// <summary>Churn of Euler and Heun.</summary>
    public Churn Churn { get; init; } = new();

    /// <summary>Multiplies the fresh noise of the ancestral and stochastic samplers; default 1.</summary>
    public double NoiseScale { get; init; } = 1;

    /// <summary>Every option at its default.</summary>
    public static SamplerOptions Default { get; } = new();
}
