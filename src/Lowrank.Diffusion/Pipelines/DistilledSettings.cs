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
    public GenerateOptions Applied(GenerateOptions options, GivenSampling given, SchedulerConfig own) =>
        Taken(options, given, own).Aggregate(options, (made, setting) => setting.Set(made));

    /// <summary>What is taken and why, a sentence without a stop.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="given">What of it a user gave.</param>
    public string Sentence(GenerateOptions options, GivenSampling given)
    {
        string[] taken = [.. Taken(options, given, new()).Select(setting => setting.Told)];
        string kind = $"the {Hint.What} {Hint.Name} is named as {Kind.Name}, which draws in {Kind.Steps.Fewest} to {Kind.Steps.Most} steps";
        return taken.Length > 0
            ? $"{kind}: {string.Join(", ", taken)} are taken; what is given comes before them"
            : $"{kind}, with sampler {Kind.Sampler} and guidance {PlainValue.Text(Kind.GuidanceScale)}; what was given is taken instead";
    }

    // A sampler that was given brings what belongs to it.
    IEnumerable<(string Told, Func<GenerateOptions, GenerateOptions> Set)> Taken(
        GenerateOptions options, GivenSampling given, SchedulerConfig own)
    {
        bool takesSampler = !given.HasFlag(GivenSampling.Sampler);
        if (takesSampler) yield return ($"sampler {Kind.Sampler}", made => made with { Sampler = Kind.Sampler });
        if (takesSampler && !given.HasFlag(GivenSampling.Schedule))
            yield return ($"schedule {Kind.Schedule}", made => made with { Schedule = Kind.Schedule });
        if (!given.HasFlag(GivenSampling.Steps)) yield return ($"steps {Steps}", made => made with { Steps = Steps });
        if (!given.HasFlag(GivenSampling.Guidance))
            yield return ($"guidance {PlainValue.Text(Kind.GuidanceScale)}", made => made with { GuidanceScale = Kind.GuidanceScale });
        if (takesSampler && Kind.Eta is { } eta && options.SamplerOptions.Eta is null)
            yield return ($"eta {PlainValue.Text(eta)}", made => made with { SamplerOptions = made.SamplerOptions with { Eta = eta } });
        if (Kind.Prediction is { } prediction && !given.HasFlag(GivenSampling.Prediction))
            yield return ($"prediction {prediction.ToString().ToLowerInvariant()}",
                made => made with { Scheduler = (made.Scheduler ?? own) with { Prediction = prediction } });
    }
}
