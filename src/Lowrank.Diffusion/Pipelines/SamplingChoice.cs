using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>The sampler and the schedule that a request gets on a model: those it names, or what the model's scheduler says.</summary>
/// <param name="model">The model.</param>
/// <param name="options">What is asked for.</param>
public sealed class SamplingChoice(StableDiffusion model, GenerateOptions options)
{
    readonly StableDiffusion model = model ?? throw new ArgumentNullException(nameof(model));
    readonly GenerateOptions options = options ?? throw new ArgumentNullException(nameof(options));

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
        var (sampler, schedule) = Named(name);
        var plan = schedule.Plan(Levels(), steps);
        plan = plan.After(skipped);
        if (options.Compat.AsksAtWholeTimesteps) plan = plan.AtWholeTimesteps();
        if (options.Compat.BeginsWithSignal) plan = WithSignal(plan);
        return (sampler.Create(options.SamplerOptions with { Manner = options.Compat.Manner }), plan);
    }

    // comfy/samplers.py (max_denoise) and comfy/model_sampling.py (noise_scaling), v0.3.64.
    static SamplingPlan WithSignal(SamplingPlan plan)
    {
        var first = plan.Steps[0].From;
        double highest = (float)plan.Table.Max;
        bool isHighest = first.Ratio > highest || Math.Abs(first.Ratio - highest) <= 1e-5 * Math.Max(first.Ratio, highest);
        if (!isHighest || first.Alpha != 1) return plan;
        double wide = Math.Sqrt(1 + first.Sigma * first.Sigma);
        return plan with { StartScale = wide, PictureLevel = NoiseLevel.Exploding(wide, first.Timestep) };
    }

    NoiseSchedule Levels()
    {
        var levels = options.Compat.Table(Scheduler);
        if (options.DowncastsAlphas) levels = levels.Downcast();
        return options.ZeroTerminalSnr ? levels.ZeroTerminal() : levels;
    }

    /// <summary>What AUTOMATIC1111 calls the sampler and the schedule; no schedule where the model's scheduler brings its own.</summary>
    public (string Sampler, string? Schedule) Labels
    {
        get
        {
            if (options.Sampler is not { } name) return (Samplers.Named(Schedulers.Supported(Scheduler).SamplerName).Label, null);
            var (sampler, schedule) = Named(name);
            return (sampler.Label, schedule.Label);
        }
    }

    /// <summary>The choice of a request's second pass.</summary>
    public SamplingChoice OfSecondPass(HiresOptions hires) => new(model, hires.PassOver(options));

    /// <summary>The evaluations that prompts are read for: two for each step of samplers that the web UI calls of second order.</summary>
    public PromptPass Pass
    {
        get
        {
            bool isSecondOrder = WebUiSamplers.All.Any(sampler => sampler.IsSecondOrder && sampler.Label == Labels.Sampler);
            return new(isSecondOrder ? 2 * options.Steps : options.Steps);
        }
    }

    // Old labels carry the schedule: "DPM++ 2M Karras".
    (SamplerDescriptor Sampler, Schedule Schedule) Named(string name)
    {
        var label = SamplerLabel.Read(name);
        var sampler = Samplers.Named(label.Sampler);
        var schedule = Schedules.Named(options.Schedule ?? label.Schedule ?? sampler.DefaultSchedule);
        if (label.Schedule is { } inside && Schedules.Named(inside) != schedule)
            throw new LowrankException(
                $"the sampler \"{name}\" asks for the schedule {inside}, and {schedule.Label} was given. Leave one out.");
        bool isOwn = schedule.Name == "align_your_steps" && StableDiffusionFamilies.IsLarge(model.Family);
        return (sampler, isOwn ? Schedules.Named("align_your_steps_sdxl") : schedule);
    }
}
