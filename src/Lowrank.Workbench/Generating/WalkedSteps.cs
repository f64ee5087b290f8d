namespace Lowrank.Workbench;

/// <summary>How many steps a request's passes walk, and which adapters and words these never reach.</summary>
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

    /// <summary>A sentence on each stretch of a prompt of AUTOMATIC1111's syntax that no step says.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The model.</param>
    /// <param name="prompts">Its prompts.</param>
    public static IEnumerable<string> Unsaid(GeneratingRequest request, StableDiffusion model, ReadPrompts prompts)
    {
        if (request.Options.Syntax is not WebUiSyntax syntax) return [];
        var passes = PassesOf(request, model);
        var unsaid = new List<string>();
        foreach (var prompt in prompts.All)
        {
            unsaid.AddRange(syntax.Unsaid(prompt.Text, isNegative: false, prompt.Second is null ? passes : passes[..1]));
            if (prompt.Second is { } second) unsaid.AddRange(syntax.Unsaid(second.Text, isNegative: false, passes[1..]));
            bool isAsked = prompt.Negative is not null && request.Options.Guider.AsksNegative;
            if (isAsked) unsaid.AddRange(syntax.Unsaid(prompt.Negative!, isNegative: true, passes));
        }
        string walked = Listing.Count(Most(request, model), "step is", "steps are");
        return unsaid.Distinct().Select(words => $"{words} is never said: {walked} walked");
    }

    /// <summary>Why a request's passes cannot be walked, a sentence each.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The model.</param>
    public static IEnumerable<string> Faults(GeneratingRequest request, StableDiffusion model)
    {
        var options = request.Options;
        double strength = request.Change?.Strength ?? 1;
        var (scheduled, skipped) = options.StrengthRule.Of(options.Steps, strength);
        if (scheduled == skipped)
            yield return $"`strength` is {PlainValue.Text(strength)}, by which none of {Listing.Count(options.Steps, "step")} is walked: " +
                $"from {PlainValue.Text(SamplingPlan.LeastStrength(options.Steps))} on one is. Give more strength, or more `steps`.";
        if (Stands(options, model, scheduled) is { } first) yield return first;
        if (options.Hires is not { } hires) yield break;
        var second = hires.PassOver(options);
        int own = second.StrengthRule.Of(second.Steps, hires.Strength).Scheduled;
        if (Stands(second, model, own) is { } fault) yield return $"In the second pass (`hires`): {fault}";
    }

    // A Brownian motion needs a second level of noise to move to.
    static string? Stands(GenerateOptions options, StableDiffusion model, int scheduled)
    {
        if (scheduled != 1) return null;
        if (options.Compat.HasOwnJobs && options.Sampler is null) return null;   // its first sampler draws no noise
        var sampler = SamplerOf(new(model, options));
        return sampler is not { DrawsFromTree: true } ? null
            : $"{sampler.Label} draws its noise on the way between two levels of noise, and one step has a single one. " +
                "Give 2 `steps` or more, or another `sampler`.";
    }

    // With the evaluations that are made of each: of a picture that is changed, fewer than prompts are read for. Of samplers that ask
    // several times a step, or as often as they like, so many as there may be.
    static (PromptPass Pass, int Evaluations)[] PassesOf(GeneratingRequest request, StableDiffusion model)
    {
        var options = request.Options;
        bool hasOwnJobs = options.Compat.HasOwnJobs;
        if (hasOwnJobs && options.Sampler is null) options = options with { Sampler = WebUiSamplers.All[0].Name };
        int[] walked = Of(request, model);
        var choice = new SamplingChoice(model, options);
        var first = choice.Pass;
        (PromptPass, int)[] passes = [(first, Evaluations(choice, walked[0]))];
        if (options.Hires is not { } hires) return passes;
        var again = choice.OfSecondPass(hires);
        var second = hasOwnJobs ? again.Pass with { Before = first.Steps } : again.Pass;
        return [.. passes, (second, Evaluations(again, walked[1]))];
    }

    static int Evaluations(SamplingChoice choice, int walked) => SamplerOf(choice)?.CallsPerStep switch
    {
        1 => walked,
        null or 0 => choice.Pass.Steps + 2,
        int calls => walked * calls + 1,
    };

    static SamplerDescriptor? SamplerOf(SamplingChoice choice)
    {
        string label = choice.Labels.Sampler;
        return Samplers.All.FirstOrDefault(sampler => sampler.Label == label);
    }

    /// <summary>Steps of the longest pass.</summary>
    public static int Most(GeneratingRequest request, StableDiffusion model) => Of(request, model).Max();

    static int[] Of(GeneratingRequest request, StableDiffusion model)
    {
        var options = request.Options;
        int first = FirstOf(request, model);
        return options.Hires is { } hires ? [first, hires.Steps ?? options.Steps] : [first];
    }

    static int FirstOf(GeneratingRequest request, StableDiffusion model)
    {
        var options = request.Options;
        if (request.Change is not { } change)
            return options.Compat.HasOwnJobs ? options.Steps : new SamplingChoice(model, options).Make().Plan.Steps.Count;
        var (scheduled, skipped) = options.StrengthRule.Of(options.Steps, change.Strength);
        return scheduled - skipped;
    }
}
