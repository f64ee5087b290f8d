using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>The sampler and the schedule that a request gets on a model: those it names, or what the model's scheduler says.</summary>
/// <param name="model">The model.</param>
/// <param name="options">What is asked for.</param>
public sealed class SamplingChoice(StableDiffusion model, GenerateOptions options)
{
    /// <summary>The scheduler settings: the request's, or the model's own.</summary>
    public SchedulerConfig Scheduler => options.Scheduler ?? model.Scheduler;

    /// <summary>A sampler with the request's options, and the plan of its steps.</summary>
    /// <exception cref="LowrankException">A name is not known, or what the scheduler says is not done here.</exception>
    public (Sampler Sampler, SamplingPlan Plan) Make()
    {
        var (steps, skipped) = options.StrengthRule.Of(options.Steps, options.Start.Strength);
        if (options.Sampler is not { } name)
        {
            var (own, whole) = Schedulers.Create(Scheduler, steps, options.SamplerOptions);
            return (own, whole.After(skipped));
        }
        var sampler = Samplers.Named(name);
        var plan = ScheduleOf(sampler).Plan(NoiseSchedule.From(Scheduler, doubles: true), steps);
        return (sampler.Create(options.SamplerOptions), plan.After(skipped));
    }

    /// <summary>What AUTOMATIC1111 calls the sampler and the schedule; no schedule where the model's scheduler brings its own.</summary>
    public (string Sampler, string? Schedule) Labels
    {
        get
        {
            if (options.Sampler is not { } name) return (Samplers.Named(Schedulers.Supporting(Scheduler, out _)!.SamplerName).Label, null);
            var sampler = Samplers.Named(name);
            return (sampler.Label, ScheduleOf(sampler).Label);
        }
    }

    Schedule ScheduleOf(SamplerDescriptor sampler)
    {
        var schedule = Schedules.Named(options.Schedule ?? sampler.DefaultSchedule);
        return schedule.Name == "align_your_steps" && model.Family == "sdxl" ? Schedules.Named("align_your_steps_sdxl") : schedule;
    }
}
