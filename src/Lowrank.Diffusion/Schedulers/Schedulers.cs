using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>The scheduler classes of diffusers (0.42) that a model folder may name, reproduced step by step.</summary>
public static class Schedulers
{
    // diffusers lowers the order of the last steps of a run shorter than this.
    const int FewSteps = 15;

    static readonly Schedule timesteps = new TimestepSchedule(), pndm = new PndmTimestepSchedule();

    static readonly NamedList<SchedulerDescriptor> list = new("scheduler", scheduler => [scheduler.ClassName],
    [
        new("DDIMScheduler", "ddim", Pixels, timesteps.Plan, (_, _, o) => new DdimSampler(o.Eta ?? 0)),
        new("DDPMScheduler", "ddpm", WhyNotDdpm, TimestepSchedule.Chained, (c, _, _) => new DdpmSampler(c.VarianceType == "fixed_large")),
        new("PNDMScheduler", "pndm", c => c.SkipPrkSteps ? null : "skip_prk_steps false", pndm.Plan, (_, _, _) => new PndmSampler()),
        new("EulerDiscreteScheduler", "euler", Every, SpacedSigmas.Exploding, (_, _, o) => new EulerSampler(o.Churn)),
        new("EulerAncestralDiscreteScheduler", "euler_a", Every, SpacedSigmas.Exploding,
            (_, _, o) => new EulerAncestralSampler(o.Eta ?? 1, o.NoiseScale)),
        new("HeunDiscreteScheduler", "heun", c => c.ClipSample ? "clip_sample" : null, SpacedSigmas.Exploding,
            (_, _, o) => new HeunSampler(o.Churn)),
        new("LMSDiscreteScheduler", "lms", Every, SpacedSigmas.Exploding, (_, _, _) => new LmsSampler()),
        new("DPMSolverMultistepScheduler", "dpm++2m", WhyNotMultistep, SpacedSigmas.Preserving, Multistep),
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

    /// <summary>The sampler and the plan that <paramref name="config"/> asks for.</summary>
    /// <exception cref="LowrankException">Its class, or one of its settings, is not done here.</exception>
    public static (Sampler Sampler, SamplingPlan Plan) Create(SchedulerConfig config, int steps, SamplerOptions? options = null)
    {
        var entry = Supporting(config, out var whyNot) ?? throw new LowrankException(
            $"The model's scheduler is {whyNot}, which is not done here. " +
            $"Choose a sampler yourself: {string.Join(", ", Samplers.All.Select(s => s.Name))}. " +
            $"Schedulers that are done: {string.Join(", ", All.Select(s => s.ClassName))}.");
        return (entry.Create(config, steps, options ?? SamplerOptions.Default), entry.Plan(NoiseSchedule.From(config), steps));
    }

    static string? Every(SchedulerConfig config) => null;

    static string? Pixels(SchedulerConfig config) => config.Thresholding ? "thresholding" : null;

    static string? WhyNotDdpm(SchedulerConfig config)
    {
        bool known = config.VarianceType is "fixed_small" or "fixed_small_log" or "fixed_large";
        return Pixels(config) ?? (known ? null : $"variance_type {config.VarianceType}");
    }

    static string? WhyNotMultistep(SchedulerConfig config) => config switch
    {
        { Thresholding: true } => "thresholding",
        { AlgorithmType: not ("dpmsolver++" or "sde-dpmsolver++") } => $"algorithm_type {config.AlgorithmType}",
        // There diffusers has the half in the third-order term with the other sign than the paper and k-diffusion.
        { AlgorithmType: "sde-dpmsolver++", SolverOrder: 3 } => "algorithm_type sde-dpmsolver++ and solver_order 3",
        _ => null,
    };

    static DpmMultistepSampler Multistep(SchedulerConfig config, int steps, SamplerOptions options)
    {
        bool lowerAtTheEnd = config.LowerOrderFinal && steps < FewSteps;
        double eta = config.AlgorithmType == "sde-dpmsolver++" ? 1 : 0;
        return new(config.SolverOrder, options.Eta ?? eta, config.SolverType == "heun", options.NoiseScale)
        {
            FirstOrderLast = config.EulerAtFinal || lowerAtTheEnd,
            SecondOrderBeforeLast = lowerAtTheEnd,
        };
    }
}
