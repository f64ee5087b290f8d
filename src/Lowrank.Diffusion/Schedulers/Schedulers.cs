using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>The scheduler classes of diffusers (0.42) that a model folder may name, reproduced step by step.</summary>
public static class Schedulers
{
    static readonly Schedule timesteps = new TimestepSchedule(), pndm = new PndmTimestepSchedule();

    static readonly NamedList<SchedulerDescriptor> list = new("scheduler", scheduler => [scheduler.ClassName],
    [
        new("DDIMScheduler", "ddim", Pixels, timesteps.Plan, (_, _, o) => new DdimSampler(o.Eta ?? 0)),
        new("DDPMScheduler", "ddpm", WhyNotDdpm, TimestepSchedule.Chained, (c, _, _) => new DdpmSampler(c.VarianceType == "fixed_large")),
        new("PNDMScheduler", "pndm", Every, Pndm, (_, _, _) => new PndmSampler()),
        new("EulerDiscreteScheduler", "euler", Every, SpacedSigmas.Exploding, (_, _, o) => new EulerSampler(o.Churn)),
        new("EulerAncestralDiscreteScheduler", "euler_a", Every, SpacedSigmas.Exploding,
            (_, _, o) => new EulerAncestralSampler(o.Eta ?? 1, o.NoiseScale)),
        new("HeunDiscreteScheduler", "heun", c => c.ClipSample ? "clip_sample" : null, SpacedSigmas.Exploding,
            (_, _, o) => new HeunSampler(o.Churn)),
        new("LMSDiscreteScheduler", "lms", Every, SpacedSigmas.Exploding, (_, _, _) => new LmsSampler()),
        new("KDPM2DiscreteScheduler", "dpm2", Every, SpacedSigmas.Exploding, (_, _, o) => new Dpm2Sampler(o.Churn)),
        new("KDPM2AncestralDiscreteScheduler", "dpm2_a", Every, SpacedSigmas.Exploding,
            (_, _, o) => new Dpm2AncestralSampler(o.Eta ?? 1, o.NoiseScale)),
        new("DPMSolverMultistepScheduler", "dpm++2m", WhyNotMultistep, SpacedSigmas.Preserving, SchedulerSolvers.Multistep),
        new("DPMSolverSinglestepScheduler", "dpm++2s", WhyNotSinglestep, SpacedSigmas.Linspaced, SchedulerSolvers.Singlestep),
        new("UniPCMultistepScheduler", "unipc", Pixels, SpacedSigmas.Preserving, SchedulerSolvers.UniPc),
        new("DEISMultistepScheduler", "deis", WhyNotDeis, SpacedSigmas.NeverClean, SchedulerSolvers.Deis),
        new("LCMScheduler", "lcm", Pixels, ConsistencyTimesteps.ToClean,
            (c, _, o) => new ConsistencySampler(c.TimestepScaling, o.NoiseScale)),
        new("TCDScheduler", "tcd", Pixels, ConsistencyTimesteps.ToFirstLevel,
            (_, _, o) => new TcdSampler(o.Eta ?? TcdSampler.UsualEta, o.NoiseScale)),
    ]);

    /// <summary>Each with its plan and its sampler.</summary>
    public static IReadOnlyList<SchedulerDescriptor> All => list.All;

    /// <summary>Adds a scheduler, where a program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or its name is taken.</exception>
    public static void Add(SchedulerDescriptor scheduler) => list.Add(scheduler);

    /// <summary>The entry that does what <paramref name="config"/> says; null, with the reason, if there is none.</summary>
    public static SchedulerDescriptor? Supporting(SchedulerConfig config, out string? whyNot)
    {
        if (!list.TryNamed(config.ClassName, out var entry))
        {
            whyNot = config.ClassName;
            return null;
        }
        whyNot = entry.WhyNot(config) is { } reason ? $"{config.ClassName} with {reason}" : null;
        return whyNot is null ? entry : null;
    }

    /// <summary>The entry that does what <paramref name="config"/> says.</summary>
    /// <exception cref="LowrankException">There is none: its class, or one of its settings, is not done here.</exception>
    public static SchedulerDescriptor Supported(SchedulerConfig config) =>
        Supporting(config, out var whyNot) ?? throw new LowrankException(
            $"The model's scheduler is {whyNot}, which is not done here. " +
            $"Choose a sampler yourself: {string.Join(", ", Samplers.All.Select(s => s.Name))}. " +
            $"Schedulers that are done: {string.Join(", ", All.Select(s => s.ClassName))}.");

    /// <summary>The sampler and the plan that <paramref name="config"/> asks for.</summary>
    /// <exception cref="LowrankException">Its class, or one of its settings, is not done here.</exception>
    public static (Sampler Sampler, SamplingPlan Plan) Create(SchedulerConfig config, int steps, SamplerOptions? options = null)
    {
        var entry = Supported(config);
        return (entry.Create(config, steps, options ?? SamplerOptions.Default), entry.Plan(NoiseSchedule.From(config), steps));
    }

    static SamplingPlan Pndm(NoiseSchedule noise, int steps) =>
        noise.Config.SkipPrkSteps ? pndm.Plan(noise, steps) : PndmTimestepSchedule.WarmedUp(noise, steps);

    static string? Every(SchedulerConfig config) => null;

    static string? Pixels(SchedulerConfig config)
    {
        if (config.Thresholding) return "thresholding";
        return config.UseFlowSigmas ? "use_flow_sigmas" : null;
    }

    static string? WhyNotDdpm(SchedulerConfig config)
    {
        bool known = config.VarianceType is "fixed_small" or "fixed_small_log" or "fixed_large";
        return Pixels(config) ?? (known ? null : $"variance_type {config.VarianceType}");
    }

    static string? WhyNotMultistep(SchedulerConfig config) => Pixels(config) ?? config switch
    {
        { VarianceType: "learned" or "learned_range" } => $"variance_type {config.VarianceType}",
        { SolverOrder: > 3 } => $"solver_order {config.SolverOrder}",
        { AlgorithmType: "sde-dpmsolver", SolverOrder: 3 } =>
            "algorithm_type sde-dpmsolver and solver_order 3, for which diffusers has no formula",
        { AlgorithmType: "dpmsolver" or "dpmsolver++" or "sde-dpmsolver" or "sde-dpmsolver++" or "deis" } => null,
        _ => $"algorithm_type {config.AlgorithmType}",
    };

    static string? WhyNotSinglestep(SchedulerConfig config) =>
        config.AlgorithmType == "sde-dpmsolver" ? "algorithm_type sde-dpmsolver" : WhyNotMultistep(config);

    static string? WhyNotDeis(SchedulerConfig config) =>
        Pixels(config) ?? (config.SolverOrder > 3 ? $"solver_order {config.SolverOrder}" : null);
}
