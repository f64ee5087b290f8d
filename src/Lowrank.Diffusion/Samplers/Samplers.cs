namespace Lowrank.Diffusion;

/// <summary>The samplers there are.</summary>
public static class Samplers
{
    static readonly NamedList<SamplerDescriptor> list = new("sampler", sampler => [sampler.Name, sampler.Label, .. sampler.OtherNames],
    [
        new("euler", "Euler", "uniform", o => new EulerSampler(o.Churn)),
        new("euler_a", "Euler a", "uniform", o => new EulerAncestralSampler(o.Eta ?? 1, o.NoiseScale), "euler_ancestral"),
        new("heun", "Heun", "uniform", o => new HeunSampler(o.Churn)),
        new("lms", "LMS", "uniform", _ => new LmsSampler()),
        new("ddim", "DDIM", "timesteps", o => new DdimSampler(o.Eta ?? 0)),
        new("ddpm", "DDPM", "timesteps", _ => new DdpmSampler()),
        new("pndm", "PLMS", "pndm_timesteps", _ => new PndmSampler(), "plms"),
        new("dpm++2m", "DPM++ 2M", "karras", o => new DpmMultistepSampler(2, o.Eta ?? 0), "dpmpp_2m"),
        new("dpm++2m_sde", "DPM++ 2M SDE", "exponential", o => Stochastic(2, o), "dpmpp_2m_sde"),
        new("dpm++2m_sde_heun", "DPM++ 2M SDE Heun", "exponential", o => Stochastic(2, o, heun: true), "dpmpp_2m_sde_heun"),
        new("dpm++3m_sde", "DPM++ 3M SDE", "exponential", o => Stochastic(3, o, heun: true), "dpmpp_3m_sde"),
    ]);

    /// <summary>Each with its names, its schedule and its factory.</summary>
    public static IReadOnlyList<SamplerDescriptor> All => list.All;

    /// <summary>Adds a sampler, where a program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or one of its names is taken.</exception>
    public static void Add(SamplerDescriptor sampler) => list.Add(sampler);

    /// <summary>The sampler of that name or label.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are given.</exception>
    public static SamplerDescriptor Named(string name) => list.Named(name);

    static DpmMultistepSampler Stochastic(int order, SamplerOptions options, bool heun = false) =>
        new(order, options.Eta ?? 1, heun, options.NoiseScale) { DrawsBrownian = true };
}
