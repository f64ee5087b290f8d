namespace Lowrank.Diffusion;

/// <summary>The samplers there are.</summary>
public static class Samplers
{
    /// <summary>Each with its names, its schedule and its factory.</summary>
    /// <remarks>The SDE samplers draw independent noise per step; web UIs draw from a Brownian tree, so that their seeds give other pictures.</remarks>
    public static IReadOnlyList<SamplerDescriptor> All { get; } =
    [
        new("euler", "Euler", "uniform", o => new EulerSampler(o.Churn)),
        new("euler_a", "Euler a", "uniform", o => new EulerAncestralSampler(o.Eta ?? 1, o.NoiseScale), "euler_ancestral"),
        new("heun", "Heun", "uniform", o => new HeunSampler(o.Churn)),
        new("lms", "LMS", "uniform", _ => new LmsSampler()),
        new("ddim", "DDIM", "timesteps", o => new DdimSampler(o.Eta ?? 0)),
        new("ddpm", "DDPM", "timesteps", _ => new DdpmSampler()),
        new("pndm", "PLMS", "pndm_timesteps", _ => new PndmSampler(), "plms"),
        new("dpm++2m", "DPM++ 2M", "karras", o => new DpmMultistepSampler(2, o.Eta ?? 0), "dpmpp_2m"),
        new("dpm++2m_sde", "DPM++ 2M SDE", "exponential", o => new DpmMultistepSampler(2, o.Eta ?? 1, noiseScale: o.NoiseScale), "dpmpp_2m_sde"),
        new("dpm++2m_sde_heun", "DPM++ 2M SDE Heun", "exponential", o => new DpmMultistepSampler(2, o.Eta ?? 1, heun: true, o.NoiseScale), "dpmpp_2m_sde_heun"),
        new("dpm++3m_sde", "DPM++ 3M SDE", "exponential", o => new DpmMultistepSampler(3, o.Eta ?? 1, heun: true, o.NoiseScale), "dpmpp_3m_sde"),
    ];

    /// <summary>The sampler of that name or label; case, blanks, "_" and "-" do not count.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are given.</exception>
    public static SamplerDescriptor Find(string name) =>
        All.FirstOrDefault(s => new[] { s.Name, s.Label }.Concat(s.OtherNames).Any(n => Names.Same(n, name)))
        ?? throw Names.Unknown("sampler", name, All.Select(s => s.Name));
}
