using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>A scheduler class of diffusers: a sampler together with the plan that its settings ask for.</summary>
/// <param name="ClassName">"DDIMScheduler".</param>
/// <param name="SamplerName">Its sampler's name in <see cref="Samplers.All"/>.</param>
/// <param name="WhyNot">What in its settings is not done here; null if nothing.</param>
/// <param name="Plan">The plan of so many steps.</param>
/// <param name="Create">The sampler for so many steps.</param>
public sealed record SchedulerDescriptor(
    string ClassName,
    string SamplerName,
    Func<SchedulerConfig, string?> WhyNot,
    Func<NoiseSchedule, int, SamplingPlan> Plan,
    Func<SchedulerConfig, int, SamplerOptions, Sampler> Create);
