namespace Lowrank.Workbench;

/// <summary>What pictures' texts call the sampler and the schedule of a web UI's job.</summary>
/// <param name="Sampler">The sampler's label.</param>
/// <param name="Schedule">The schedule's label.</param>
sealed record WebUiLabels(string Sampler, string Schedule)
{
    /// <summary>Those of a request, whatever it names.</summary>
    public static WebUiLabels Of(WebUiRequest request)
    {
        var (shown, shownSchedule) = WebUiSamplers.Resolve(request.Sampler, request.Scheduler, asShown: true);
        string? kept = request.Scheduler is { Length: > 0 } asked ? asked
            : shownSchedule == WebUiSamplers.Automatic ? null : shownSchedule;
        var (sampler, schedule) = WebUiSamplers.Resolve(shown, kept);
        return new(sampler, schedule);
    }

    /// <summary>Which samplers and schedules that a request names are not known, and what is taken for each, a sentence each.</summary>
    public static IEnumerable<string> NotKnown(WebUiRequest request)
    {
        var first = WebUiSamplers.NotKnown(request.Sampler, request.Scheduler);
        return request.Hires is { } second ? first.Concat(WebUiSamplers.NotKnown(second.Sampler, second.Scheduler)) : first;
    }

    /// <summary>Evaluations of so many steps, as prompts that change on the way count them.</summary>
    public int Evaluations(int steps) => WebUiSamplers.Named(Sampler).IsSecondOrder ? 2 * steps : steps;
}
