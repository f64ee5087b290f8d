namespace Lowrank.Workbench;

/// <summary>What of a request for pictures AUTOMATIC1111 has no like of.</summary>
static class WebUiRefusals
{
    /// <summary>Throws where there is any.</summary>
    /// <exception cref="LowrankException">Lists all of it.</exception>
    public static void Check(GeneratingRequest request)
    {
        var options = request.Options;
        string[] faults = [.. OfSampler(options), .. OfPrompts(options), .. OfSeeds(request), .. OfParts(request), .. OfPrograms(options)];
        if (request.Change is not null && options.Hires is not null)
            faults = [.. faults, "it draws no second pass of a picture that is changed (`hires` beside `init`)"];
        if (faults.Length > 0)
            throw new LowrankException($"These pictures cannot be made in AUTOMATIC1111's way: {string.Join("; ", faults)}. " +
                "Leave that out, or draw in Lowrank's own way (without `compat` a1111).");
    }

    static IEnumerable<string> OfSampler(GenerateOptions options)
    {
        string?[] names = [options.Sampler, options.Hires?.Sampler];
        foreach (string name in names.OfType<string>())
            if (WebUiTranslation.SamplerOf(name) is null)
                yield return $"it has no sampler {name} (it has: {string.Join(", ", WebUiSamplers.All.Select(one => one.Label))})";
        if (WebUiTranslation.ScheduleNamed(options) is { } schedule && WebUiTranslation.ScheduleOf(schedule) is null)
            yield return $"it has no schedule {schedule} (it has: {string.Join(", ", WebUiSchedules.All.Select(one => one.Label))})";
        if (options.Hires?.Schedule is { } second && WebUiTranslation.ScheduleOf(second) is null)
            yield return $"it has no schedule {second} for the second pass";
        var sampler = options.Sampler is { } own ? SamplerLabel.SamplerOf(own) : null;
        foreach (var option in SamplerOptionNames.All)
        {
            bool isAsked = option.Get(options.SamplerOptions) is not null && sampler?.Heeds.HasFlag(option.Setting) == true;
            bool isSettable = Settable.HasFlag(option.Setting) || option.Setting == SamplerSettings.Order && sampler?.Name == "unipc";
            if (isAsked && !isSettable) yield return $"{option.Name} of {sampler!.Label} cannot be set in it";
        }
    }

    /// <summary>Options of samplers that it has settings for.</summary>
    public const SamplerSettings Settable = SamplerSettings.Eta | SamplerSettings.NoiseScale | SamplerSettings.Churn;

    static IEnumerable<string> OfPrompts(GenerateOptions options)
    {
        if (options.Syntax is not WebUiSyntax || options.Encoding is not WebUiEncoding)
            yield return "it reads prompts in its own syntax alone (`syntax` a1111)";
        IReadOnlyList<string>?[] others = [options.SecondPrompts, options.SecondNegativePrompts, options.NegativePrompts];
        if (others.Any(prompts => prompts is not null)) yield return "it takes one prompt and one negative prompt";
        if (options.NegativeClipSkip is not null) yield return "it skips as many layers for negative prompts as for prompts";
    }

    // −1 asks it for a seed by chance.
    static IEnumerable<string> OfSeeds(GeneratingRequest request)
    {
        foreach (long seed in request.Seeds.Concat(request.Options.Variation.Seeds).Where(seed => seed < 0))
            yield return $"the seed {Seeds.Text(seed)} is beyond 2^63 - 1, where its own end";
        var source = request.Options.NoiseSource;
        if (source != NoiseSources.Cpu && source != NoiseSources.Nv) yield return $"it does not draw from {source.Label}";
    }

    static IEnumerable<string> OfParts(GeneratingRequest request)
    {
        foreach (var changing in request.Adapters.OfType<TaggedAdapter>().Where(choice => choice.Tag.HasSchedules))
            yield return $"the strength of {changing.Path} changes on the way, and in it a strength is a number";
        var tiling = request.Options.Tiling;
        if (tiling != TilingChoice.Auto && tiling != TilingChoice.Never) yield return "it decodes pictures whole (`vae tiling`)";
    }

    // What only programs can ask for.
    static IEnumerable<string> OfPrograms(GenerateOptions options)
    {
        if (options.Scheduler is { } scheduler)
            yield return "it takes what a model predicts from the model; here a program, or a base or adapter that draws in few steps, " +
                $"asks for {scheduler.Prediction.ToString().ToLowerInvariant()}";
        if (options.Start is not NoiseStart) yield return "a picture that is changed is given as such (PictureChange)";
        if (options.Sizes is not null || options.NegativeSizes is not null) yield return "it tells XL the picture's own size";
        if (options.BeforeStep is not null) yield return "nobody is called before its steps";
        if (options.InfoTags.Count > 0) yield return "tags of its texts stand in the prompt";
        if (options.OneGenerator) yield return "it draws with a generator for each picture";
    }
}
