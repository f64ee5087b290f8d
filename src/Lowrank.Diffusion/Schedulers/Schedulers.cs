using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>The scheduler classes of diffusers (0.42) that a model folder may name, reproduced step by step.</summary>
public static class Schedulers
{
    static readonly Schedule timesteps = new TimestepSchedule(), pndm = new PndmTimestepSchedule();

    /// <summary>Each with its plan and its sampler.</summary>
    public static IReadOnlyList<SchedulerDescriptor> All { get; } =
    [
        new("DDIMScheduler", "ddim", Pixels, timesteps.Plan, (_, _, o) => new DdimSampler(o.Eta ?? 0)),
        new("DDPMScheduler", "ddpm",
            c => Pixels(c) ?? (c.VarianceType is "fixed_small" or "fixed_small_log" or "fixed_large" ? null : $"variance_type {c.VarianceType}"),
            TimestepSchedule.Chained,
            (c, _, _) => new DdpmSampler(c.VarianceType == "fixed_large")),
        new("PNDMScheduler", "pndm", c => c.SkipPrkSteps ? null : "skip_prk_steps false", pndm.Plan, (_, _, _) => new PndmSampler()),
        new("EulerDiscreteScheduler", "euler", Every, SpacedSigmas.Exploding, (_, _, o) => new EulerSampler(o.Churn)),
        new("EulerAncestralDiscreteScheduler", "euler_a", Every, SpacedSigmas.Exploding, (_, _, o) => new EulerAncestralSampler(o.Eta ?? 1, o.NoiseScale)),
        new("HeunDiscreteScheduler", "heun", c => c.ClipSample ? "clip_sample" : null, SpacedSigmas.Exploding, (_, _, o) => new HeunSampler(o.Churn)),
        new("LMSDiscreteScheduler", "lms", Every, SpacedSigmas.Exploding, (_, _, _) => new LmsSampler()),
        new("DPMSolverMultistepScheduler", "dpm++2m",
            c => c switch
            {
                { Thresholding: true } => "thresholding",
                { AlgorithmType: not ("dpmsolver++" or "sde-dpmsolver++") } => $"algorithm_type {c.AlgorithmType}",
                // There diffusers has the half in the third-order term with the other sign than the paper and k-diffusion.
                { AlgorithmType: "sde-dpmsolver++", SolverOrder: 3 } => "algorithm_type sde-dpmsolver++ and solver_order 3",
                _ => null,
            },
            SpacedSigmas.Preserving,
            (c, steps, o) => new DpmMultistepSampler(c.SolverOrder, o.Eta ?? (c.AlgorithmType == "sde-dpmsolver++" ? 1 : 0), c.SolverType == "heun", o.NoiseScale)
            {
                FirstOrderLast = c.EulerAtFinal || c.LowerOrderFinal && steps < 15,
                SecondOrderBeforeLast = c.LowerOrderFinal && steps < 15,
            }),
    ];

    /// <summary>The entry that does what <paramref name="config"/> says; null, with the reason, if there is none.</summary>
    public static SchedulerDescriptor? Supporting(SchedulerConfig config, out string? whyNot)
    {
        var entry = All.FirstOrDefault(s => s.ClassName == config.ClassName);
        whyNot = entry is null ? config.ClassName : entry.WhyNot(config) is { } reason ? $"{config.ClassName} with {reason}" : null;
        return whyNot is null ? entry : null;
    }

    /// <summary>The sampler and the plan that <paramref name="config"/> asks for.</summary>
    /// <exception cref="LowrankException">Its class, or one of its settings, is not done here.</exception>
    public static (Sampler Sampler, SamplingPlan Plan) Create(SchedulerConfig config, int steps, SamplerOptions? options = null)
    {
        var entry = Supporting(config, out var whyNot) ?? throw new LowrankException(
            $"The model's scheduler is {whyNot}, which is not done here. Choose a sampler yourself: {string.Join(", ", Samplers.All.Select(s => s.Name))}. " +
            $"Schedulers that are done: {string.Join(", ", All.Select(s => s.ClassName))}.");
        return (entry.Create(config, steps, options ?? SamplerOptions.Default), entry.Plan(NoiseSchedule.From(config), steps));
    }

    static string? Every(SchedulerConfig config) => null;

    static string? Pixels(SchedulerConfig config) => config.Thresholding ? "thresholding" : null;
}
