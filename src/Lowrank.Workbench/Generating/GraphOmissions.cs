namespace Lowrank.Workbench;

/// <summary>What of a request ComfyUI's graphs cannot say, a sentence each.</summary>
static class GraphOmissions
{
    /// <summary>Looks through a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="prompts">Its prompts, read.</param>
    /// <param name="words">Learnt words in them, which ComfyUI asks for by "embedding:".</param>
    public static IEnumerable<string> Of(GeneratingRequest request, IReadOnlyList<ReadPrompt> prompts, IReadOnlyList<string> words)
    {
        var adapters = request.Adapters.Concat(prompts.SelectMany(prompt => prompt.Adapters)).Distinct();
        var told = OfNoise(request.Options).Concat(OfOptions(request)).Concat(OfHires(request.Options.Hires))
            .Concat(adapters.SelectMany(OfAdapter)).Concat(OfChange(request.Change));
        foreach (string one in told) yield return one;
        if (words.Count > 0)
            yield return $"that {string.Join(", ", words)} are learnt words: write embedding:{words[0]} in ComfyUI's prompt";
    }

    static IEnumerable<string> OfNoise(GenerateOptions options)
    {
        if (options.NoiseSource != NoiseSources.Cpu) yield return $"noise of {options.NoiseSource.Label}: ComfyUI's is torch's of the CPU";
        if (options.Variation.Changes) yield return "variations of the noise";
        if (options.OneGenerator) yield return "one generator for all pictures";
        foreach (var option in SamplerOptionNames.All.Where(option => option.Get(options.SamplerOptions) is not null))
            yield return $"the sampler option {option.Name}, which its samplers have at its default";
    }

    static IEnumerable<string> OfOptions(GeneratingRequest request)
    {
        var options = request.Options;
        if (options.Syntax is WebUiSyntax || options.Encoding is WebUiEncoding)
            yield return "prompts as AUTOMATIC1111 reads them: their signs stand in it as they are written";
        if (request.ModelOptions.Config is { } config) yield return $"the settings of {config}: ComfyUI guesses them";
        (bool IsGiven, string What)[] others =
        [
            (options.NegativePrompts is not null, "a negative prompt for each prompt"),
            (options.SecondPrompts is not null || options.SecondNegativePrompts is not null, "prompts for XL's second encoder"),
            (options.NegativeClipSkip is { } skip && skip != options.ClipSkip, "another clip skip for the negative prompt"),
            (options.Sizes is not null || options.NegativeSizes is not null, "sizes that XL is told"),
            (options.Scheduler is not null, "scheduler settings in place of the model's"),
            (options.ImagesPerPrompt > 1, "several pictures of a prompt"),
            (request.Refiner is not null, "a refiner: the base draws to the end"),
            (options.Tiling == TilingChoice.Always || options.Tiling.Side is not null, "tiles of the autoencoder: it decodes the whole"),
            (options.DowncastsAlphas || options.ZeroTerminalSnr, "other levels of noise than the model's"),
        ];
        foreach (var (_, what) in others.Where(one => one.IsGiven)) yield return what;
    }

    static IEnumerable<string> OfHires(HiresOptions? hires)
    {
        if (hires?.Upscaler == "nearest") yield return "latents enlarged by nearest: nearest-exact stands in its place";
        if (hires is { EnlargesLatents: false } && hires.Upscaler.Equals("None", StringComparison.OrdinalIgnoreCase))
            yield return "pictures enlarged by None: lanczos stands in its place";
    }

    static IEnumerable<string> OfAdapter(AdapterChoice adapter)
    {
        if (Directory.Exists(adapter.Path))
            yield return $"an adapter in a folder ({adapter.Path}): ComfyUI wants a file, which lowrank convert makes";
        if (adapter is not TaggedAdapter { Tag: var tag }) yield break;
        (bool IsGiven, string What)[] parts =
        [
            (tag.Rank is not null, "ranks"), (tag.Blocks is not null, "weights of blocks"), (tag.Elements is not null, "elements"),
            (tag.Steps != default, "steps"),
        ];
        string[] given = [.. parts.Where(part => part.IsGiven).Select(part => part.What)];
        if (given.Length > 0) yield return $"{string.Join(" and ", given)} of {tag.Text}: the adapter works whole, in all steps";
    }

    static IEnumerable<string> OfChange(PictureChange? change)
    {
        if (change is null) yield break;
        if (change.Fit == PictureFit.Fill) yield return "`fit` fill: the picture is stretched";
        if (change.Outpaint is not null) yield return "the edge's colours under what is drawn around a picture: it is grey there";
        bool isMasked = change.Mask is not null || change.Outpaint is not null;
        if (!isMasked) yield break;
        yield return "the mask's edge as it is drawn here, all or nothing: ComfyUI's is soft";
        if (change.OnlyMasked) yield return "`only masked`: the whole picture is drawn";
        if (change.MaskBlur > 0) yield return $"`mask blur` {change.MaskBlur}: the mask is as its file has it";
        if (change.Content != MaskedContent.Original) yield return "`fill`: what lies under the mask is the picture";
    }
}
