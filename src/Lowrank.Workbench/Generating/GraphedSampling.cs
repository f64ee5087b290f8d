using Lowrank.Graphs;

namespace Lowrank.Workbench;

/// <summary>One pass of sampling as ComfyUI's nodes say it.</summary>
/// <param name="Sampler">ComfyUI's name of the sampler.</param>
/// <param name="Scheduler">Of the schedule.</param>
/// <param name="Guidance">The guidance scale; 1 asks the prompt alone.</param>
sealed record GraphedSampling(string Sampler, string Scheduler, double Guidance)
{
    /// <summary>Steps asked for.</summary>
    public required int Steps { get; init; }

    /// <summary>How much is made anew, above 0 to 1.</summary>
    public required double Strength { get; init; }

    /// <summary>How long the schedule is, and how many of its steps are left out at the beginning.</summary>
    public required (int Scheduled, int Skipped) Way { get; init; }

    /// <summary>The pass that options ask for.</summary>
    /// <param name="model">The base.</param>
    /// <param name="options">The options.</param>
    /// <param name="strength">How much is made anew.</param>
    /// <param name="way">How long the schedule is, and how many of its steps are left out at the beginning.</param>
    /// <exception cref="LowrankException">ComfyUI has no such sampler, or no such schedule.</exception>
    public static GraphedSampling Of(
        StableDiffusion model, GenerateOptions options, double strength, (int Scheduled, int Skipped) way)
    {
        var (samplerLabel, scheduleLabel) = new SamplingChoice(model, options).Labels;
        if (scheduleLabel is null)
            throw Fault($"the model's own scheduler ({samplerLabel}) draws, with levels of its own. Name a sampler and a schedule");
        var (sampler, schedule) = (Samplers.Named(samplerLabel), Schedules.Named(scheduleLabel));
        var known = Samplers.All.Where(one => one.ComfyNames.Count > 0).Select(one => one.Name);
        if (sampler.ComfyNames is not [var name, ..])
            throw Fault(
                $"it has no sampler {sampler.Name} ({NearestNames.Told(sampler.Name, known)})");
        if (ComfySigmas.NameOf(schedule.Name) is not { } spaced)
            throw Fault($"it has no schedule {schedule.Name}. Give one that it has, by `schedule`: " +
                string.Join(", ", ComfySigmas.Names.Select(ComfySigmas.OurName)));
        return new(name, spaced, options.Guider.AsksNegative ? options.GuidanceScale : 1)
        {
            Steps = options.Steps, Strength = strength, Way = way,
        };
    }

    static LowrankException Fault(string why) => new($"The pictures cannot hold a graph of ComfyUI: {why}. Or leave `embed graph` out.");

    /// <summary>Adds the pass to a graph.</summary>
    /// <param name="draft">The graph.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="told">Network, both prompts, and latents: the inputs that all sampling nodes have.</param>
    /// <returns>The latents.</returns>
    public GraphLink Add(GraphDraft draft, long seed, SampledInputs told)
    {
        ulong bits = unchecked((ulong)seed);
        // The KSampler nodes would leave a level out.
        if (ComfySigmas.DropsOne(Sampler)) return AddCustom(draft, bits, told);
        bool isLonger = Way == Diffusion.StrengthRule.Longer.Of(Steps, Strength);
        if (isLonger)
            return draft.Add("KSampler",
                [("seed", bits), ("steps", Steps), ("cfg", Guidance), ("sampler_name", Sampler), ("scheduler", Scheduler),
                    ("denoise", Strength), .. told.Written]);
        return draft.Add("KSamplerAdvanced",
            [("add_noise", "enable"), ("noise_seed", bits), ("steps", Way.Scheduled), ("cfg", Guidance), ("sampler_name", Sampler),
                ("scheduler", Scheduler), ("start_at_step", Way.Skipped), ("end_at_step", 10000),
                ("return_with_leftover_noise", "disable"), .. told.Written]);
    }

    GraphLink AddCustom(GraphDraft draft, ulong seed, SampledInputs told)
    {
        var sampler = draft.Add("KSamplerSelect", ("sampler_name", Sampler));
        var sigmas = draft.Add("BasicScheduler",
            ("model", told.Network), ("scheduler", Scheduler), ("steps", Way.Scheduled), ("denoise", 1.0));
        if (Way.Skipped > 0) sigmas = draft.Add("SplitSigmas", ("sigmas", sigmas), ("step", Way.Skipped)) with { Slot = 1 };
        return draft.Add("SamplerCustom",
            [("add_noise", true), ("noise_seed", seed), ("cfg", Guidance), ("sampler", sampler), ("sigmas", sigmas), .. told.Written]);
    }
}
