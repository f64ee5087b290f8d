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
    readonly WebUiEncoder encoder;
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

    public WebUiRun(
        IWebUiFiles files, WebUiRequest request, Precision precision, Device device, EncodingDraws draws, WebUiWatch watch,
        CancellationToken cancel)
    {
        (this.files, this.request, this.watch, this.cancel) = (files, request, watch, cancel);
        (this.device, options) = (device, request.Options);
        comments.AddRange([.. request.Notes, .. options.NotHeeded]);
        title = Chosen(options.Checkpoint) ?? files.Model(null) ?? throw new LowrankException("There is no model at hand.");
        vae = options.VaeName is "Automatic" or "None" or "" ? null : files.Vae(options.VaeName);
        codec = new LatentCodec(vae?.Vae ?? title.Model.Vae, device);
        encoder = new WebUiEncoder(codec, draws, options.MaskWeight, device);
        network = new WebUiNetwork(title.Model, files, options, precision, device, facts, comments);
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
        if (request.Tiling ?? options.Tiling) network.MakeSeamless();
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
        var (prompt, tags) = WebUiAdapters.Taken(texts.Prompt, comments);
        network.Wear(tags, isSecondPass: false);
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
            InfoText = teller.Text(own[i], variations[i], (width, height), network.ShowsMask),
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
        var settings = options.Sigmas with { IsSdxl = network.IsSdxl };
        var way = new WebUiPass(request, labels.Sampler, labels.Schedule, network.Levels, request.Steps, rule, settings, facts);
        using var noise = Noise(own, variations, [Channels, height / Factor, width / Factor]);
        var told = new PromptPass(way.Sampler.IsSecondOrder ? 2 * request.Steps : request.Steps);
        var first = noise.First();
        if (start is null)
        {
            var beside = network.ShowsMask ? MaskedAllOver((width, height), own) : null;
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
        var (larger, beside) = Enlarge(latents, second, own);
        var (prompt, tags) = WebUiAdapters.Taken(texts.HiresPrompt, comments);
        network.Wear(tags, isSecondPass: true);
        int steps = second.Steps > 0 ? second.Steps : request.Steps;
        string label = second.Sampler is { Length: > 0 } other ? other : labels.Sampler;
        string schedule = second.Scheduler is { Length: > 0 } otherSchedule ? otherSchedule : labels.Schedule;
        var settings = options.Sigmas with { IsSdxl = network.IsSdxl, IsSecondPass = true, FirstPass = teller.ScheduleTold };
        var rule = StrengthSteps.Exactly(steps, request.Strength);
        var way = new WebUiPass(request, label, schedule, network.Levels, steps, rule, settings, facts);
        using var noise = Noise(own, variations, larger.shape[1..]);
        int before = WebUiSamplers.Named(labels.Sampler).IsSecondOrder ? 2 * request.Steps : request.Steps;
        var told = new PromptPass(way.Sampler.IsSecondOrder ? 2 * steps : steps, before);
        var start = way.FromLatents(larger, noise.First());
        return Walk(
            way, noise, start, null, beside, prompt, texts.HiresNegativePrompt, told, (hires!.Width, hires.Height), isSecondPass: true);
    }

    Tensor Walk(
        WebUiPass way, WebUiNoise noise, Tensor start, LatentMixing? mixing, Tensor? beside, string prompt, string negative,
        PromptPass told, (int Width, int Height) size, bool isSecondPass = false)
    {
        int pictures = (int)start.shape[0];
        var guidance = new WebUiGuidance(request.CfgScale * way.Solver.GuidanceFactor, way.Evaluations)
        {
            SkipEarly = options.SkipEarly,
            MinSigma = request.MinSigma ?? options.MinSigma,
            MinSigmaInAll = options.MinSigmaInAll,
            ComparesTimesteps = way.IsOverTimesteps,
        };
        var said = new WebUiSaid(request, prompt, negative, told);
        if (!isSecondPass) said.Tell(facts, options, network.Model, network.Words);
        watch.Walks?.Invoke(way.Plan);
        var sampling = new SamplingPass
        {
            Sampler = way.Solver,
            Plan = way.Plan,
            Network = network.Main,
            Prediction = network.Prediction,
            Guider = guidance,
            Told = Told(network.Model, network.Main),
            Noise = way.Solver.DrawsBrownian ? noise.Brownian(way.Plan.Whole.Sigmas) : noise,
            Mixing = mixing,
            Changes = new() { DoublesOddSizes = true },
            Refinement = Refiner(isSecondPass) is { } second
                ? network.Refinement(second, request, way.Evaluations, way.IsOverTimesteps, Told) : null,
            Predicted = (_, level, clean) => watch.Predicted?.Invoke(level, clean),
            BeforeStep = network.Begin,
            AfterStep = (step, _) => watch.AfterStep?.Invoke(step),
        };
        var end = sampling.Run(start, cancel);
        if (guidance.HasSkippedEarly) facts.Add("Skip Early CFG", options.SkipEarly);
        if (guidance.HasSkippedLate) facts.Add("NGMS", request.MinSigma ?? options.MinSigma);
        if (guidance.HasSkippedLate && options.MinSigmaInAll) facts.Add("NGMS all steps", true);
        return end;

        StepTimeline<PromptConditions> Told(StableDiffusion model, DenoisingNetwork asked) =>
            said.For(model, asked, pictures, size, beside, device);
    }

    WebUiModel? Refiner(bool isSecondPass)
    {
        if (request.Refiner is null or "" or "None" or "none") return null;
        string passes = options.HiresRefinerPass;
        bool leavesOut = request.Hires is not null && (isSecondPass ? passes == "first pass" : passes == "second pass");
        if (leavesOut) return null;
        return files.Model(request.Refiner) ?? throw new LowrankException($"There is no model \"{request.Refiner}\" to refine with.");
    }

    // Latents of the pictures that are changed.
    WebUiStart Begin(WebUiSeeds seeds)
    {
        var given = request.Pictures!;
        long[] own = [.. seeds.Seeds.Take(batchSize)];
        var each = stack([.. Enumerable.Range(0, batchSize).Select(i =>
            PictureTransforms.ToTensor(prepared!.Pictures[prepared.Pictures.Count == 1 ? 0 : i]))]).to(device);
        var latents = encoder.Encode(each, own);
        watch.Encoded?.Invoke(latents);
        const int stretchesLatents = 3;
        if (given.ResizeMode == stretchesLatents) latents = LatentScaling.Resize(latents, height / Factor, width / Factor, "bilinear");
        var (_, _, rows, columns) = latents.shape;
        var mask = prepared!.Mask is { } some ? LatentMask.Of(some, (int)columns, (int)rows, given.MaskRound).to(device) : null;
        if (mask is not null) latents = Filled(latents, mask, own, given.Fill);
        var beside = network.ShowsMask ? encoder.Masked(each, Shown(prepared.Mask, given.MaskRound), own) : null;
        return new(latents, mask, beside);
    }

    Tensor Filled(Tensor latents, Tensor mask, long[] own, int fill)
    {
        const int withNoise = 2, withNothing = 3;
        if (fill is not (withNoise or withNothing)) return latents;
        facts.Add("Masked content", fill == withNoise ? "latent noise" : "latent nothing");
        var kept = latents * (1 - mask);
        if (fill == withNothing) return kept;
        using var noise = new WebUiNoise(own, latents.shape[1..], device, null, Source);
        return kept + noise.First() * mask;
    }

    // What an inpainting model is shown of the mask, (1, 1, H, W).
    Tensor? Shown(Mask? mask, bool rounded)
    {
        if (mask is null) return null;
        long[] shape = [1, 1, mask.Height, mask.Width];
        var levels = tensor(mask.Levels, shape, dtype: ScalarType.Byte, device: device).to(ScalarType.Float32) / 255;
        return rounded ? levels.round() : levels;
    }

    (HiresSize Hires, (int Width, int Height) First) Enlarged(WebUiHires second)
    {
        var (width, height) = (request.Width, request.Height);
        var (across, down) = second.Resize;
        if (options.OldFirstPass)
        {
            (across, down) = (width, height);
            (width, height) = HiresSize.FirstPass(width, height);
        }
        var size = across == 0 && down == 0
            ? HiresSize.Scaled(width, height, second.Scale) : HiresSize.Resized(width, height, across, down);
        facts.Add("Denoising strength", request.Strength);
        if (second.Sampler is { Length: > 0 } sampler && sampler != labels.Sampler) facts.Add("Hires sampler", sampler);
        facts.Add(size.Fact.Key, size.Fact.Value);
        if (second.Steps > 0) facts.Add("Hires steps", (long)second.Steps);
        facts.Add("Hires upscaler", second.Upscaler);
        return (size, (width, height));
    }

    // The first pass's latents at the second one's size, and what inpainting models are shown beside them.
    (Tensor Latents, Tensor? Beside) Enlarge(Tensor latents, WebUiHires second, long[] own)
    {
        var size = hires!;
        Tensor? beside = null;
        if (WebUiEnlarging.Named(second.Upscaler) is { } way)
        {
            latents = way.Enlarge(latents, size.LatentWidth, size.LatentHeight);
            if (network.ShowsMask)
                beside = options.MaskWeight < 1
                    ? encoder.Masked(codec.Decode(latents), null, own) : MaskedAllOver((size.Width, size.Height), own);
        }
        else
        {
            watch.Decoding?.Invoke(latents);
            var upscaler = Upscalers.Named(second.Upscaler!);
            var pictures = own.Select((_, i) => PictureTransforms.ToTensor(
                PictureFitting.Fit(Decoded(latents[i..(i + 1)]), size.Width, size.Height, PictureFit.Stretch, upscaler)));
            var each = stack([.. pictures]).to(device);
            latents = encoder.Encode(each, own);
            watch.Encoded?.Invoke(latents);
            // It is shown them in [0, 1] here, as the web UI does.
            if (network.ShowsMask) beside = encoder.Masked((each + 1) / 2, null, own);
        }
        return (Cut(latents, size), beside is null ? null : Cut(beside, size));
    }

    Tensor MaskedAllOver((int Width, int Height) size, long[] own)
    {
        var beside = encoder.MaskedAllOver(size.Width, size.Height, own);
        watch.Encoded?.Invoke(beside.narrow(1, 1, Channels));
        return beside;
    }

    static Tensor Cut(Tensor latents, HiresSize size)
    {
        var (_, _, rows, columns) = latents.shape;
        return latents.narrow(2, size.CutDown / 2, rows - size.CutDown / 2 - (size.CutDown + 1) / 2)
            .narrow(3, size.CutAcross / 2, columns - size.CutAcross / 2 - (size.CutAcross + 1) / 2);
    }

    NoiseSource Source => options.RandomSource == "NV" ? NoiseSources.Nv : NoiseSources.Cpu;

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
        return new WebUiNoise(own, shape, device, variation, Source);
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
