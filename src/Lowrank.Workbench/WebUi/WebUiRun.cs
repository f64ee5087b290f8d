namespace Lowrank.Workbench;

/// <summary>One job of a web UI, from its request to its pictures.</summary>
/// <remarks>Source: AUTOMATIC1111, modules/processing.py, process_images_inner, at 82a973c.</remarks>
sealed class WebUiRun : IDisposable
{
    // Pixels of a latent's side, and latent channels, whatever the model.
    const int Factor = 8, Channels = 4;

    readonly IWebUiFiles files;
    readonly WebUiRequest request;
    readonly WebUiOptions options;
    readonly WebUiWatch watch;
    readonly CancellationToken cancel;
    readonly EncodingDraws draws;
    readonly Device device;
    readonly List<string> comments = [];
    readonly InfoFields facts = [];
    readonly WebUiModel title;
    readonly WebUiNetwork network;
    readonly LatentCodec codec;
    readonly WebUiVae? vae;
    readonly WebUiTexts texts;
    readonly WebUiTeller teller;
    readonly (string Sampler, string Schedule) labels;
    readonly HiresSize? hires;
    readonly PreparedPictures? prepared;
    readonly int width, height, batchSize;
    int pass;

    public WebUiRun(
        IWebUiFiles files, WebUiRequest request, Precision precision, Device device, EncodingDraws draws, WebUiWatch watch,
        CancellationToken cancel)
    {
        (this.files, this.request, this.watch, this.cancel) = (files, request, watch, cancel);
        (this.draws, this.device, options) = (draws, device, request.Options);
        comments.AddRange([.. request.Notes, .. options.NotHeeded]);
        title = Chosen(options.Checkpoint) ?? files.Model(null) ?? throw new LowrankException("There is no model at hand.");
        vae = options.VaeName is "Automatic" or "None" or "" ? null : files.Vae(options.VaeName);
        codec = new LatentCodec(vae?.Vae ?? title.Model.Vae, device);
        network = new WebUiNetwork(title.Model, options, precision, device, facts);
        labels = Labels();
        texts = new WebUiTexts(request, files.Styles);
        (width, height) = (request.Width, request.Height);
        if (request.Hires is { } second) (hires, (width, height)) = Enlarged(second);
        teller = new WebUiTeller(request, texts, facts, title, vae, labels);
        if (request.Pictures is { } pictures)
        {
            facts.Add("Denoising strength", request.Strength);
            prepared = new PreparedPictures(pictures, width, height, options, facts, comments);
        }
        batchSize = prepared is { Pictures.Count: > 1 and var count } ? Math.Min(count, request.BatchSize) : request.BatchSize;
        if (prepared is { Pictures.Count: var given } && given > 1 && given > request.BatchSize)
            throw new LowrankException($"{given} pictures were given for a batch of {request.BatchSize}: give one, or one for each.");
        network.SetSeamless(request.Tiling ?? options.Tiling, vae?.Vae);
    }

    /// <summary>Makes the pictures.</summary>
    public WebUiAnswer Draw()
    {
        int count = request.BatchSize * request.BatchCount;
        var seeds = WebUiSeeds.Of(request, count);
        var start = prepared is null ? null : Begin(seeds);
        var pictures = new List<Picture>();
        for (int batch = 0; batch < request.BatchCount; batch++)
        {
            using var scope = NewDisposeScope();
            int[] numbers = [.. Enumerable.Range(batch * request.BatchSize, batchSize)];
            pictures.AddRange(DrawBatch(seeds, numbers, start));
        }
        IReadOnlyList<string> Each(string text) => [.. Enumerable.Repeat(text, count)];
        return new(pictures, Each(texts.Prompt), Each(texts.NegativePrompt), seeds.Seeds, seeds.Subseeds, [.. comments.Distinct()]);
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    IEnumerable<Picture> DrawBatch(WebUiSeeds seeds, int[] numbers, WebUiStart? start)
    {
        long[] own = [.. numbers.Select(number => seeds.Seeds[number])], variations = [.. numbers.Select(number => seeds.Subseeds[number])];
        var (prompt, tags) = WebUiAdapters.Taken(texts.Prompt);
        network.Wear(files, tags, facts, comments, isSecondPass: false);
        var latents = FirstPass(own, variations, prompt, start);
        if (request.Hires is not null) latents = SecondPass(latents, own, variations);
        watch.Decoding?.Invoke(latents);
        var drawn = new List<Picture>();
        for (int i = 0; i < numbers.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var picture = Decoded(latents[i..(i + 1)]);
            if (prepared is not null) picture = prepared.Finish(picture, i, options.Overlays);
            drawn.Add(new(picture.Width, picture.Height, picture.Pixels));
        }
        return drawn.Select((picture, i) => new Picture(picture.Width, picture.Height, picture.Pixels)
        {
            InfoText = teller.Text(own[i], variations[i], network.ShowsMask),
        });
    }

    Picture Decoded(Tensor latents)
    {
        var image = codec.Decode(latents)[0];
        if (!image.isfinite().all().ToBoolean())
            throw new SpoiltPictureException("The autoencoder's answer is NaN or infinite: the picture would be black");
        return PictureTransforms.FromTensor(image, truncates: true);
    }

    Tensor FirstPass(long[] own, long[] variations, string prompt, WebUiStart? start)
    {
        StrengthSteps? rule = start is null ? null : Rule(request.Steps, options.ExactSteps);
        var way = new WebUiPass(
            request, labels.Sampler, labels.Schedule, network.Levels, request.Steps, rule, options.Sigmas with { IsSdxl = network.IsSdxl }, facts);
        using var noise = Noise(own, variations, [Channels, height / Factor, width / Factor]);
        var told = new PromptPass(way.Sampler.IsSecondOrder ? 2 * request.Steps : request.Steps);
        var first = noise.First();
        if (start is null)
        {
            var beside = network.ShowsMask ? Unmasked(own, height, width) : null;
            return Walk(way, noise, way.FromNoise(first), null, beside, prompt, texts.NegativePrompt, told, (width, height));
        }
        double multiplier = request.Pictures!.NoiseMultiplier ?? options.NoiseMultiplier;
        if (multiplier != 1)
        {
            facts.Add("Noise multiplier", multiplier);
            first = first * multiplier;
        }
        var mixing = start.Mixing(way.IsOverTimesteps);
        return Walk(
            way, noise, way.FromLatents(start.Latents, first), mixing, start.Beside, prompt, texts.NegativePrompt, told, (width, height));
    }

    Tensor SecondPass(Tensor latents, long[] own, long[] variations)
    {
        var second = request.Hires!;
        watch.FirstPass?.Invoke(latents);
        pass++;
        var (larger, beside) = Enlarge(latents, second, own);
        var (prompt, tags) = WebUiAdapters.Taken(texts.HiresPrompt);
        network.Wear(files, tags, facts, comments, isSecondPass: true);
        int steps = second.Steps > 0 ? second.Steps : request.Steps;
        string label = second.Sampler is { Length: > 0 } other ? other : labels.Sampler;
        string schedule = second.Scheduler is { Length: > 0 } otherSchedule ? otherSchedule : labels.Schedule;
        var settings = options.Sigmas with { IsSdxl = network.IsSdxl, IsSecondPass = true, FirstPass = teller.ScheduleTold };
        var way = new WebUiPass(request, label, schedule, network.Levels, steps, StrengthSteps.Exactly(steps, request.Strength), settings, facts);
        using var noise = Noise(own, variations, larger.shape[1..]);
        int before = WebUiSamplers.Named(labels.Sampler).IsSecondOrder ? 2 * request.Steps : request.Steps;
        var told = new PromptPass(way.Sampler.IsSecondOrder ? 2 * steps : steps, before);
        var start = way.FromLatents(larger, noise.First());
        return Walk(
            way, noise, start, null, beside, prompt, texts.HiresNegativePrompt, told, (hires!.Width, hires.Height), isSecondPass: true);
    }

    Tensor Walk(
        WebUiPass way, WebUiNoise noise, Tensor start, LatentMixing? mixing, Tensor? beside, string prompt, string negative, PromptPass told,
        (int Width, int Height) size, bool isSecondPass = false)
    {
        int pictures = (int)start.shape[0];
        var guidance = new WebUiGuidance(request.CfgScale * way.Solver.GuidanceFactor, way.Evaluations)
        {
            SkipEarly = options.SkipEarly,
            MinSigma = request.MinSigma ?? options.MinSigma,
            MinSigmaInAll = options.MinSigmaInAll,
            ComparesTimesteps = way.IsOverTimesteps,
        };
        var said = new WebUiSaid(request, files, prompt, negative, told, facts);
        bool refines = request.Refiner is { Length: > 0 } and not ("None" or "none");
        int number = pass;
        var sampling = new SamplingPass
        {
            Sampler = way.Solver,
            Plan = way.Plan,
            Network = network.Main,
            Prediction = network.Prediction,
            Guider = guidance,
            Told = said.For(network.Model, network.Main, pictures, size, beside, device),
            Noise = way.Solver.DrawsBrownian ? noise.Brownian(way.Plan.Whole.Sigmas) : noise,
            Mixing = mixing,
            Refinement = refines ? network.Refinement(files, request, said, way, pictures, size, beside, isSecondPass) : null,
            Predicted = (step, level, clean) => watch.Predicted?.Invoke(number, step, level, clean),
            AfterStep = (step, _) => watch.AfterStep?.Invoke(number, step),
        };
        var end = sampling.Run(start, cancel);
        if (guidance.HasSkippedEarly) facts.Add("Skip Early CFG", options.SkipEarly);
        if (guidance.HasSkippedLate) facts.Add("NGMS", request.MinSigma ?? options.MinSigma);
        if (guidance.HasSkippedLate && options.MinSigmaInAll) facts.Add("NGMS all steps", true);
        return end;
    }

    WebUiNoise Noise(long[] own, long[] variations, long[] shape)
    {
        var (across, down) = request.SeedResizeFrom;
        var variation = new SeedVariation
        {
            Seeds = variations,
            Strength = request.SubseedStrength,
            ResizeFrom = across > 0 && down > 0 ? (across, down) : null,
            SeedDelta = options.SeedDelta,
        };
        return new WebUiNoise(own, shape, device, variation, options.RandomSource == "NV" ? NoiseSources.Nv : NoiseSources.Cpu);
    }

    StrengthSteps Rule(int steps, bool exact) =>
        exact ? StrengthSteps.Exactly(steps, request.Strength) : StrengthSteps.OfShare(steps, request.Strength);

    // The web UI goes on with the model at hand where it does not know the one that is asked for.
    WebUiModel? Chosen(string? name)
    {
        if (name is null) return null;
        var found = files.Model(name);
        if (found is null) comments.Add($"There is no model \"{name}\"; the one at hand is taken.");
        return found;
    }

    (string Sampler, string Schedule) Labels()
    {
        var (sampler, schedule) = WebUiSamplers.Resolve(request.Sampler, request.Scheduler, asShown: true);
        string? kept = request.Scheduler is { Length: > 0 } asked ? asked : schedule == WebUiSamplers.Automatic ? null : schedule;
        return WebUiSamplers.Resolve(sampler, kept);
    }
}
