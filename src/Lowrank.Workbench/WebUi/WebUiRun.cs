namespace Lowrank.Workbench;

/// <summary>One job of a web UI, from its request to its pictures.</summary>
/// <remarks>Source: AUTOMATIC1111, modules/processing.py, process_images_inner, at 82a973c.</remarks>
sealed class WebUiRun : IDisposable
{
    readonly IWebUiFiles files;
    readonly WebUiRequest request;
    readonly WebUiOptions options;
    readonly WebUiWatch watch;
    readonly Precision precision;
    readonly Device device;
    readonly EncodingDraws draws;
    readonly List<string> comments = [];
    readonly InfoFields facts = [];
    readonly WebUiVae? vae;
    readonly WebUiStage first, second;
    readonly WebUiTexts texts;
    readonly WebUiTeller teller;
    readonly WebUiLabels labels;
    readonly WebUiSizes sizes;
    readonly WebUiNoises noises;
    readonly PreparedPictures? prepared;
    readonly WebUiBeginning? beginning;
    readonly int batchSize;

    public WebUiRun(
        IWebUiFiles files, WebUiRequest request, Precision precision, Device device, EncodingDraws draws, WebUiWatch watch)
    {
        (this.files, this.request, this.watch, options) = (files, request, watch, request.Options);
        (this.precision, this.device, this.draws) = (precision, device, draws);
        WebUiRanges.Check(request);
        comments.AddRange([.. request.Notes, .. options.NotHeeded]);
        var title = Chosen(options.Checkpoint) ?? files.Model(null) ?? throw new LowrankException("There is no model at hand.");
        vae = options.VaeName is "Automatic" or "None" or "" ? null : files.Vae(options.VaeName, title.Model.VaeConfig.ScalingFactor);
        first = second = StageOf(title.Model, WebUiLevels.Of(title.Model, options, facts));
        labels = WebUiLabels.Of(request);
        texts = new WebUiTexts(request, files.Styles);
        comments.AddRange([.. WebUiLabels.NotKnown(request), .. files.Styles.NotKnown(request.Styles)]);
        sizes = WebUiSizes.Of(request);
        noises = new WebUiNoises(request, device);
        foreach (var (field, value) in request.Beyond.Fields) facts.Add(field, value);
        if (request.Hires is { } hires) second = SecondStage(hires, title);
        teller = new WebUiTeller(request, texts, facts, title, vae, labels);
        if (request.Pictures is { } pictures)
        {
            facts.Add(InfoLabel.Strength, request.Strength);
            prepared = new PreparedPictures(pictures, sizes.First.Width, sizes.First.Height,
                Colour.Read(options.BackgroundColour), options.CorrectsColours, facts, comments);
            beginning = new WebUiBeginning(request, prepared, first, noises, device);
        }
        batchSize = BatchSize(prepared?.Pictures.Count ?? 1);
        if (IsSeamless) foreach (var stage in Stages) stage.Network.MakeSeamless();
    }

    /// <summary>Whether each part of the models is in memory only while it is needed, and read anew where it is needed again.</summary>
    public bool FreesParts { get; init; }

    // Parts that were read anew would not go on at the other side.
    PartFreeing Freeing => new(FreesParts && !IsSeamless);

    bool IsSeamless => request.Tiling ?? options.Tiling;

    /// <summary>Makes the pictures.</summary>
    /// <param name="cancel">Looked at between steps and pictures.</param>
    public WebUiAnswer Draw(CancellationToken cancel)
    {
        int count = request.BatchSize * request.BatchCount;
        var seeds = WebUiSeeds.Of(request, count);
        var start = beginning?.Make([.. seeds.Seeds.Take(batchSize)], sizes.First);
        var pictures = new List<Picture>();
        for (int batch = 0; batch < request.BatchCount; batch++)
        {
            using var scope = NewDisposeScope();
            int[] numbers = [.. Enumerable.Range(batch * request.BatchSize, batchSize)];
            pictures.AddRange(DrawBatch(seeds, numbers, start, cancel));
        }
        IReadOnlyList<string> Each(string text) => [.. Enumerable.Repeat(text, count)];
        return new(pictures, Each(texts.Prompt), Each(texts.NegativePrompt), seeds.Seeds, seeds.Subseeds, [.. comments.Distinct()]);
    }

    /// <summary>
    /// The texts that the pictures will have, but for what comes about on the way: places in batches, that a
    /// refiner took over, that guidance was left out.
    /// </summary>
    public IReadOnlyList<string> Texts()
    {
        var seeds = WebUiSeeds.Of(request, request.BatchSize * request.BatchCount);
        FirstWalk(seeds.Seeds[0], null, null);
        if (request.Hires is not null) SecondWalk(seeds.Seeds[0], null);
        return [.. seeds.Seeds.Zip(seeds.Subseeds, (seed, variation) => TextOf(seed, variation, new(1, 1)))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stage in Stages) stage.Network.Dispose();
    }

    IEnumerable<WebUiStage> Stages => first == second ? [first] : [first, second];

    IEnumerable<Picture> DrawBatch(WebUiSeeds seeds, int[] numbers, WebUiStart? start, CancellationToken cancel)
    {
        long[] own = [.. numbers.Select(number => seeds.Seeds[number])], variations = [.. numbers.Select(number => seeds.Subseeds[number])];
        var latents = FirstPass(own, variations, start, cancel);
        if (request.Hires is not null) latents = SecondPass(latents, own, variations, cancel);
        foreach (var stage in Stages) Freeing.Free(stage.Network.Free);
        watch.Decoding?.Invoke(latents);
        var drawn = new List<Picture>();
        for (int i = 0; i < numbers.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var picture = second.Decoded(latents[i..(i + 1)]);
            drawn.Add(prepared is null ? picture : prepared.Finish(picture, i, options.Overlays));
        }
        Freeing.Free(second.Network.Model.FreeVae);
        return drawn.Select((picture, i) => new Picture(picture.Width, picture.Height, picture.Pixels)
        {
            InfoText = TextOf(own[i], variations[i], new(i + 1, numbers.Length)),
        });
    }

    string TextOf(long seed, long variation, BatchPlace place) =>
        teller.Text(seed, variation, sizes.First, first.Network.ShowsMask, place);

    Tensor FirstPass(long[] own, long[] variations, WebUiStart? start, CancellationToken cancel)
    {
        var (width, height) = sizes.First;
        var codecs = first.Codecs;
        using var noise = noises.Of(own, variations, [codecs.LatentChannels, height / codecs.Factor, width / codecs.Factor]);
        var draw = noise.First();
        var beside = start is null && first.Network.ShowsMask
            ? first.Encoder.MaskedAllOver(width, height, own, EncodingRound.Shown) : start?.Beside;
        var (way, walk) = FirstWalk(own[0], start, beside);
        var begun = start is null ? way.FromNoise(draw) : way.FromLatents(start.Latents, draw * NoiseMultiplier);
        return walk.Run(begun, noise, cancel);
    }

    (WebUiPass Way, WebUiWalk Walk) FirstWalk(long seed, WebUiStart? start, Tensor? beside)
    {
        var (prompt, tags) = WebUiAdapters.Taken(texts.Prompt, comments);
        second.Network.Detach();
        first.Network.Attach(tags, seed, isSecondPass: false);
        StrengthSteps? rule = prepared is null ? null : options.ExactSteps
            ? StrengthSteps.Exactly(request.Steps, request.Strength) : StrengthSteps.OfShare(request.Steps, request.Strength);
        var settings = options.Sigmas with { IsSdxl = first.Network.IsSdxl };
        var way = new WebUiPass(
            request, labels.Sampler, labels.Schedule, first.Network.Levels, request.Steps, rule, settings, facts);
        beginning?.Tell(facts);
        if (prepared is not null && NoiseMultiplier != 1) facts.Add("Noise multiplier", NoiseMultiplier);
        var said = new WebUiSaid(request, prompt, texts.NegativePrompt, new PromptPass(labels.Evaluations(request.Steps)));
        said.Tell(facts, options, first.Network.Model, first.Network.Words);
        return (way, new(request, files, first, way, said, facts)
        {
            Watch = watch, Device = device, Freeing = Freeing, Size = sizes.First, Mixing = start?.Mixing(way.IsOverTimesteps),
            Beside = beside,
        });
    }

    double NoiseMultiplier => request.Pictures?.NoiseMultiplier ?? options.NoiseMultiplier;

    Tensor SecondPass(Tensor latents, long[] own, long[] variations, CancellationToken cancel)
    {
        watch.FirstPass?.Invoke(latents);
        var enlarger = new WebUiEnlarger(
            first, second, request.Hires!.Upscaler, sizes.Second!, options.MaskWeight, watch, device);
        var (larger, beside) = enlarger.Enlarge(latents, own);
        if (first != second) Freeing.Free(first.Network.Free);
        var (way, walk) = SecondWalk(own[0], beside);
        using var noise = noises.Of(own, variations, larger.shape[1..]);
        return walk.Run(way.FromLatents(larger, noise.First()), noise, cancel);
    }

    (WebUiPass Way, WebUiWalk Walk) SecondWalk(long seed, Tensor? beside)
    {
        var hires = request.Hires!;
        var (prompt, tags) = WebUiAdapters.Taken(texts.HiresPrompt, comments);
        if (first != second) first.Network.Detach();
        second.Network.Attach(tags, seed, isSecondPass: true);
        int steps = hires.Steps > 0 ? hires.Steps : request.Steps;
        string label = hires.Sampler is { Length: > 0 } other ? other : labels.Sampler;
        string schedule = hires.Scheduler is { Length: > 0 } otherSchedule ? otherSchedule : labels.Schedule;
        var settings = options.Sigmas with { IsSdxl = second.Network.IsSdxl, IsSecondPass = true, FirstPass = teller.ScheduleTold };
        var rule = StrengthSteps.Exactly(steps, request.Strength);
        var way = new WebUiPass(request, label, schedule, second.Network.Levels, steps, rule, settings, facts);
        var pass = new PromptPass(way.Sampler.IsSecondOrder ? 2 * steps : steps, labels.Evaluations(request.Steps));
        var said = new WebUiSaid(request, prompt, texts.HiresNegativePrompt, pass);
        return (way, new(request, files, second, way, said, facts)
        {
            Watch = watch, Device = device, Freeing = Freeing, Size = (sizes.Second!.Width, sizes.Second.Height), IsSecondPass = true,
            Beside = beside,
        });
    }

    // Its settings of noise levels are not for a model of the second pass's own: the web UI puts them on before the first.
    WebUiStage SecondStage(WebUiHires hires, WebUiModel title)
    {
        facts.Add(InfoLabel.Strength, request.Strength);
        if (hires.Sampler is { Length: > 0 } sampler && sampler != labels.Sampler) facts.Add(InfoLabel.HiresSampler, sampler);
        facts.Add(sizes.Second!.Fact.Key, sizes.Second.Fact.Value);
        if (hires.Steps > 0) facts.Add(InfoLabel.HiresSteps, (long)hires.Steps);
        facts.Add(InfoLabel.HiresUpscaler, hires.Upscaler);
        if (hires.Checkpoint is null or "" or "Use same checkpoint") return first;
        var own = files.Model(hires.Checkpoint)
            ?? throw new LowrankException($"There is no model \"{hires.Checkpoint}\" for the second pass (hr_checkpoint_name).");
        facts.Add(InfoLabel.HiresModel, own.Title.ShortTitle);
        return ReferenceEquals(own.Model, title.Model) ? first : StageOf(own.Model, NoiseSchedule.Stored(own.Model.Scheduler));
    }

    WebUiStage StageOf(StableDiffusion model, NoiseSchedule levels)
    {
        var codecs = new WebUiCodecs(model, vae?.Vae, device);
        var network = new WebUiNetwork(model, levels, files, options, precision, device, facts, comments);
        return new(network, codecs, new WebUiEncoder(codecs, draws, options.MaskWeight, watch, device));
    }

    // Several pictures are a batch of their own.
    int BatchSize(int given)
    {
        if (given > request.BatchSize && given > 1)
            throw new LowrankException($"{given} pictures were given for a batch of {request.BatchSize}: give one, or one for each.");
        return given > 1 ? given : request.BatchSize;
    }

    // The web UI goes on with the model at hand where it does not know the one that is asked for.
    WebUiModel? Chosen(string? name)
    {
        if (name is null) return null;
        var found = files.Model(name);
        if (found is null) comments.Add($"There is no model \"{name}\"; the one at hand is taken.");
        return found;
    }
}
