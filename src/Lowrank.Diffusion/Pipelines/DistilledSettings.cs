using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Settings for a base or an adapter that was recognised as one that draws in few steps.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Hint">What said so.</param>
/// <param name="Steps">Steps that it is drawn with.</param>
public sealed record DistilledSettings(DistilledKind Kind, DistilledHint Hint, int Steps)
{
    /// <summary>The options with these settings in the place of those that were not given.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="given">What of it a user gave.</param>
    /// <param name="own">The model's scheduler settings, which a changed prediction is told with.</param>
    public GenerateOptions Applied(GenerateOptions options, GivenSampling given, SchedulerConfig own)
    {
        bool takesSampler = !given.HasFlag(GivenSampling.Sampler), takesSchedule = takesSampler && !given.HasFlag(GivenSampling.Schedule);
        var sampling = options.SamplerOptions;
        return options with
        {
            Sampler = takesSampler ? Kind.Sampler : options.Sampler,
            Schedule = takesSchedule ? Kind.Schedule : options.Schedule,
            Steps = given.HasFlag(GivenSampling.Steps) ? options.Steps : Steps,
            GuidanceScale = given.HasFlag(GivenSampling.Guidance) ? options.GuidanceScale : Kind.GuidanceScale,
            SamplerOptions = takesSampler ? sampling with { Eta = sampling.Eta ?? Kind.Eta } : sampling,
            Scheduler = Kind.Prediction is { } prediction ? (options.Scheduler ?? own) with { Prediction = prediction } : options.Scheduler,
        };
    }

    /// <summary>What was taken and why, a sentence without a stop.</summary>
    /// <param name="given">What a user gave.</param>
    public string Sentence(GivenSampling given)
    {
        var taken = new List<string>();
        if (!given.HasFlag(GivenSampling.Sampler)) taken.Add($"sampler {Kind.Sampler}");
        if ((given & (GivenSampling.Sampler | GivenSampling.Schedule)) == 0) taken.Add($"schedule {Kind.Schedule}");
        if (!given.HasFlag(GivenSampling.Steps)) taken.Add($"steps {Steps}");
        if (!given.HasFlag(GivenSampling.Guidance)) taken.Add($"guidance {PlainValue.Text(Kind.GuidanceScale)}");
        string kind = $"the {Hint.What} {Hint.Name} is named as {Kind.Name}, which draws in {Kind.Steps.Fewest} to {Kind.Steps.Most} steps";
        return taken.Count > 0
            ? $"{kind}: {string.Join(", ", taken)} are taken; what is given comes before them"
            : $"{kind}, with sampler {Kind.Sampler} and guidance {PlainValue.Text(Kind.GuidanceScale)}; what was given is taken instead";
    }
}
