namespace Lowrank.Workbench;

/// <summary>How many steps a request's passes walk, and which adapters these never reach.</summary>
static class WalkedSteps
{
    /// <summary>A sentence on each adapter that is confined to steps which are not walked, or would change in one.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The model.</param>
    /// <param name="adapters">Its adapters.</param>
    public static IEnumerable<string> Unreached(GeneratingRequest request, StableDiffusion model, IEnumerable<AdapterChoice> adapters)
    {
        var following = adapters.OfType<TaggedAdapter>().Where(adapter => adapter.FollowsSteps).Distinct().ToList();
        if (following.Count == 0) return [];
        var passes = Of(request, model);
        return following.SelectMany(adapter => adapter.Unreached(passes));
    }

    static int[] Of(GeneratingRequest request, StableDiffusion model)
    {
        var options = request.Options;
        int first = FirstOf(request, model);
        return options.Hires is { } hires ? [first, hires.Steps ?? options.Steps] : [first];
    }

    static int FirstOf(GeneratingRequest request, StableDiffusion model)
    {
        var options = request.Options;
        bool isWebUi = options.Compat == Compat.WebUi;
        if (request.Change is not { } change)
            return isWebUi ? options.Steps : new SamplingChoice(model, options).Make().Plan.Steps.Count;
        if (isWebUi) return StrengthSteps.OfShare(options.Steps, change.Strength).Evaluations;
        var (scheduled, skipped) = options.StrengthRule.Of(options.Steps, change.Strength);
        return scheduled - skipped;
    }
}
