using System.Globalization;
using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Makes pictures from text.</summary>
/// <param name="model">The model; its parts lie on <paramref name="device"/>.</param>
/// <param name="precision">In which dtype the denoising network is computed. Latents and sampling stay in float32.</param>
/// <param name="device">Where it is computed.</param>
public sealed class TextToImage(StableDiffusion model, Precision precision, Device device)
{
    readonly StableDiffusion model = model ?? throw new ArgumentNullException(nameof(model));
    readonly Precision precision = precision ?? throw new ArgumentNullException(nameof(precision));
    readonly Device device = device ?? throw new ArgumentNullException(nameof(device));

    /// <summary>In which dtype the denoising network is computed.</summary>
    public Precision Precision => precision;

    /// <summary>Shown the pictures on the way; null for nobody.</summary>
    public PicturePreview? Preview { get; init; }

    /// <summary>Told what is decided on the way, a sentence each: that a picture is decoded in tiles. Null for nobody.</summary>
    public Action<string>? Say { get; init; }

    /// <summary>
    /// Whether a part of the model is in memory only while it is needed: the text encoders until prompts are encoded, the denoising
    /// network until the last picture's latents are done, the autoencoder while it works. What is needed again is read again.
    /// </summary>
    /// <remarks>
    /// For a process that draws one request and ends, it takes the least memory and no more time; where requests follow each other, each
    /// waits until the parts are read. Parts that adapters hold stay, and text encoders that were taught a word. Nobody else may hold a
    /// part of the model meanwhile, as <see cref="StableDiffusion.FreeTextEncoders"/> says.
    /// </remarks>
    public bool FreesParts { get; init; }

    /// <summary>Makes the pictures that <paramref name="options"/> ask for, batch by batch. Each one's text says how it was made.</summary>
    /// <remarks>
    /// Adapters that are attached to the model are heeded, and stand in the texts only as <see cref="GenerateOptions.InfoTags"/> and
    /// <see cref="GenerateOptions.InfoFields"/> tell them.
    /// </remarks>
    /// <param name="options">What is asked for.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancel">Looked at between steps and pictures, and between the layers of what is computed.</param>
    /// <returns>All pictures of the first prompt, then those of the second, ...</returns>
    /// <exception cref="LowrankException">The options cannot be met; all faults are listed.</exception>
    /// <exception cref="SpoiltPictureException">The latents of a picture are NaN or infinite.</exception>
    public IReadOnlyList<Picture> Generate(
        GenerateOptions options, IProgress<SamplingProgress>? progress = null, CancellationToken cancel = default)
    {
        return [.. Draw(options, progress, cancel).Select(drawn => drawn.Picture)];
    }

    /// <summary>The same, each picture with how far its latents lie from what autoencoders are made for.</summary>
    /// <inheritdoc cref="Generate"/>
    public IReadOnlyList<DrawnPicture> Draw(
        GenerateOptions options, IProgress<SamplingProgress>? progress = null, CancellationToken cancel = default)
    {
        options = Ready(options);
        using var stop = StopSign.Watch(cancel);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (first, choice) = (FirstPass(options), new SamplingChoice(model, options));
        var prompts = Encoded(first, choice);
        var info = new PictureInfo(options, choice, Size(options), model.Name);
        var pictures = new List<DrawnPicture>();
        foreach (int[] batch in Enumerable.Range(0, options.Count).Chunk(BatchOf(options, choice)))
        {
            using var batchScope = NewDisposeScope();
            int finished = pictures.Count;
            var latents = Sample(first, choice, prompts, batch,
                (step, of, _) => progress?.Report(new SamplingProgress(step, of, finished, options.Count)), cancel);
            if (options.Hires is { } hires) latents = Second(latents, options, hires, batch, cancel);
            if (finished + batch.Length == options.Count) Freeing.Free(() => FreeNetworks(options));
            var codec = DecoderOf(options, latents);
            for (int i = 0; i < batch.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                using var pictureScope = NewDisposeScope();
                double deviation = DrawnPicture.DeviationOf(latents[i]);
                if (!double.IsFinite(deviation))
                    throw new SpoiltPictureException(
                        $"picture {batch[i] + 1} of {options.Count} is no picture: its latents are NaN or infinite");
                var picture = PictureTransforms.FromTensor(codec.Decode(latents[i..(i + 1)])[0], options.Compat.CutsColours);
                string text = info.Of(batch[i], new(i + 1, batch.Length), codec.Tiling is not null).Format();
                var told = new Picture(picture.Width, picture.Height, picture.Pixels) { InfoText = text };
                pictures.Add(new(told, deviation));
            }
            Freeing.Free(model.FreeVae);
        }
        return pictures;
    }

    GenerateOptions Ready(GenerateOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Compat is { HasOwnJobs: true } program)
            throw new LowrankException(
                $"Pictures in the way of {program.Name} are drawn by the jobs of Lowrank.Workbench: GeneratingJob, WebUiJob.");
        return options.Checked(model).WithSeeds();
    }

    // A refiner works in the second pass where there is one, as AUTOMATIC1111's does unless it is told otherwise.
    static GenerateOptions FirstPass(GenerateOptions options) => options.Hires is null ? options : options with { Refiner = null };

    EncodedRequest Encoded(GenerateOptions options, SamplingChoice choice)
    {
        var prompts = InTurn(options, choice, () => RequestPrompts.Encode(model, options, device, choice.Pass));
        Freeing.Free(() => model.FreeTextEncoders());
        if (options.Refiner is not { } refiner) return new(prompts, null);
        var refined = InTurn(options, choice, () => RequestPrompts.Encode(refiner.Model, refiner.Reading(options), device, choice.Pass));
        Freeing.Free(() => refiner.Model.FreeTextEncoders());
        return new(prompts, new(refiner, refined, precision, device));
    }

    // By the step from which on the text encoders say them so; what they say in one state is encoded once.
    static StepTimeline<RequestPrompts> InTurn(GenerateOptions options, SamplingChoice choice, Func<RequestPrompts> encode)
    {
        if (options.TextTurns is not { } turns) return new([], _ => encode());
        int steps = choice.Make().Plan.Steps.Count;
        var known = new Dictionary<string, RequestPrompts>();
        var each = new StepTimeline<RequestPrompts>(turns.Steps(steps), step =>
        {
            string state = turns.State(step, steps);
            if (known.TryGetValue(state, out var same)) return same;
            options.BeforeStep?.Invoke(step, steps);
            return known[state] = encode();
        });
        options.BeforeStep?.Invoke(0, steps);
        return each;
    }

    void FreeNetworks(GenerateOptions options)
    {
        model.FreeUNet();
        options.Refiner?.Model.FreeUNet();
    }

    PartFreeing Freeing => new(FreesParts);

    // A picture is the same whatever is made beside it; in a batch of one generator, the batch is its own.
    static int BatchOf(GenerateOptions options, SamplingChoice choice)
    {
        if (!choice.Make().Sampler.TiesBatch) return options.Batch;
        return options.OneGenerator ? options.Count : 1;
    }

    /// <summary>Whether the sampler of a request looks at all pictures of a batch together.</summary>
    public bool TiesBatch(GenerateOptions options) => new SamplingChoice(model, options).Make().Sampler.TiesBatch;

    /// <summary>The final latents of all pictures as one batch (pictures, C, H, W), float32, scaled as the network sees them.</summary>
    /// <param name="options">What is asked for; its seeds must be given.</param>
    /// <param name="afterStep">Told step (from 1), steps, and the latents after it; they live in the run's scope.</param>
    /// <param name="cancel">Looked at between steps.</param>
    public Tensor Latents(GenerateOptions options, Action<int, int, Tensor>? afterStep = null, CancellationToken cancel = default)
    {
        options = Ready(options);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (first, choice) = (FirstPass(options), new SamplingChoice(model, options));
        var prompts = Encoded(first, choice);
        int[] all = [.. Enumerable.Range(0, options.Count)];
        var latents = Sample(first, choice, prompts, all, afterStep, cancel);
        if (options.Hires is { } hires) latents = Second(latents, options, hires, all, cancel);
        return scope.MoveToOuter(latents);
    }

    /// <inheritdoc cref="LatentCodec.Decode"/>
    public Tensor Decode(Tensor latents) => Codec.Decode(latents);

    /// <inheritdoc cref="LatentCodec.Encode"/>
    public Tensor Encode(Tensor pictures, Tensor draw) => Codec.Encode(pictures, draw);

    LatentCodec Codec => new(model.Vae, device);

    LatentCodec DecoderOf(GenerateOptions options, Tensor latents)
    {
        var vae = options.Vae ?? model.Vae;
        return CodecOf(vae, options, latents.shape[^1] * vae.Factor, latents.shape[^2] * vae.Factor);
    }

    LatentCodec EncoderOf(GenerateOptions options, Tensor pictures)
    {
        var vae = options.Vae is { Encodes: true } given ? given : model.Vae;
        return CodecOf(vae, options, pictures.shape[^1], pictures.shape[^2]);
    }

    LatentCodec CodecOf(Autoencoder vae, GenerateOptions options, long width, long height)
    {
        var tiling = options.Tiling.For(vae, (int)width, (int)height, device, () => MachineMemory.Read().Free);
        bool isDecided = tiling is not null && options.Tiling == TilingChoice.Auto;
        if (isDecided)
            Say?.Invoke(string.Create(CultureInfo.InvariantCulture, $"the autoencoder works in tiles of {tiling!.SampleTile} pixels: " +
                $"{width}x{height} at once would take about {vae.DecodingBytes((int)width, (int)height) / 1e9:0.0} GB, more than is free"));
        return new(vae, device, tiling);
    }

    /// <summary>
    /// The shape of what the network is told of a prompt with the negative prompt beside it: chunks of each part. Prompts of one shape go
    /// through it together without one's length changing what is computed of another.
    /// </summary>
    public string Shape(string prompt, GenerateOptions options)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(options);
        return RequestPrompts.Shape(model, options with { Prompts = [prompt], NegativePrompts = null });
    }

    /// <summary>The text that the first picture of a request will have.</summary>
    /// <exception cref="LowrankException">The options cannot be met; all faults are listed.</exception>
    public string InfoText(GenerateOptions options)
    {
        options = Ready(options);
        return new PictureInfo(options, new SamplingChoice(model, options), Size(options), model.Name).Of(0).Format();
    }

    /// <summary>The size that pictures get: what is asked for, or the model's own.</summary>
    public (int Width, int Height) Size(GenerateOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.SizeOn(model);
    }

    Tensor Sample(
        GenerateOptions options,
        SamplingChoice choice,
        EncodedRequest told,
        int[] pictures,
        Action<int, int, Tensor>? afterStep,
        CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var (sampler, plan) = choice.Make();
        var (width, height) = Size(options);
        var sizes = options.Sizes ?? SizeConditions.Of(width, height);
        var negativeSizes = options.NegativeSizes ?? sizes;
        int factor = model.VaeConfig.Factor;
        long[] shape = [model.VaeConfig.LatentChannels, height / factor, width / factor];
        using var noise = NoiseOf(options, pictures, shape);
        var start = options.Start.Begin(new(plan, pictures.Length, noise.First, Encode)
        {
            DrawEncoding = EncodingDraws(options, noise, pictures, shape),
            ShowsMask = RefinerOptions.ShowsMask(model),
            KeepsSignal = options.Compat.BeginsWithSignal,
            Mixing = options.Compat.Mixing,
        });

        Freeing.Free(model.FreeVae);
        var network = new DenoisingNetwork(model.UNet, precision.Compute, device);
        int[] rows = [.. pictures.Select(picture => picture / options.ImagesPerPrompt)];
        var pass = new SamplingPass
        {
            Sampler = sampler,
            Plan = plan,
            Network = network,
            Prediction = choice.Scheduler.Prediction,
            Guider = options.Guider,
            Told = Told(0),
            ToldInTurn = told.Prompts.HasTurns ? new(told.Prompts.Turns, Told) : null,
            Refinement = told.Refiner?.For(rows, sizes, negativeSizes, start.Beside, plan),
            Noise = sampler.DrawsBrownian ? noise.Brownian(plan.Whole.Sigmas) : noise,
            Mixing = start.Mixing,
            Changes = options.FreeU?.In(new(), model.UNetConfig),
            PerturbedScale = options.PerturbedScale,
            Predicted = Preview?.Watch(plan.Steps.Count),
            BeforeStep = options.BeforeStep,
            // A sampler that takes steps of its own may take more than the plan has.
            AfterStep = (step, x) =>
            {
                afterStep?.Invoke(step, Math.Max(step, plan.Steps.Count), x);
                Freeing.GiveBack();
            },
        };
        return scope.MoveToOuter(pass.Run(start.Sample, cancel));

        Tensor Encode(Tensor given, Tensor draw) => EncoderOf(options, given).Encode(given, draw);

        StepTimeline<PromptConditions> Told(int step) =>
            told.Prompts.At(step).For(network, rows, sizes, negativeSizes, start.Beside);
    }

    IBatchNoise NoiseOf(GenerateOptions options, int[] pictures, long[] shape)
    {
        if (options.OneGenerator)
        {
            var part = options.Part ?? new(options.Count, [.. Enumerable.Range(0, options.Count)]);
            return new PartNoise(Whole(options.Seeds, part.Size), [.. pictures.Select(picture => part.Numbers[picture])]);
        }
        long[] seeds = [.. pictures.Select(picture => options.Seeds[picture])];
        return options.Variation.Changes
            ? new WebUiNoise(seeds, shape, device, options.Variation.For(pictures), options.NoiseSource)
            : Whole(seeds, seeds.Length);

        IBatchNoise Whole(IReadOnlyList<long> own, int count) =>
            options.Compat.BeginsNoiseAnew ? new AnewNoise(Plain(own, count), Plain(own, count)) : Plain(own, count);

        GeneratorNoise Plain(IReadOnlyList<long> own, int count) => new(own, count, shape, device, options.NoiseSource);
    }

    // diffusers takes the draws of what the autoencoder is asked from the noise's own generator; elsewhere the noise is the seed's first
    // draw, whatever it is added to.
    Func<Tensor> EncodingDraws(GenerateOptions options, IBatchNoise noise, int[] pictures, long[] shape)
    {
        if (options.Compat.EncodesByNoise) return noise.First;
        if (options.Compat.EncodesToMeans) return () => zeros([pictures.Length, .. shape], device: device);
        int asked = 0;
        return () => EncodingNoise.Of([.. pictures.Select(SeedOf)], asked++, shape, device);

        long SeedOf(int picture) => options.OneGenerator ? unchecked(options.Seeds[0] + picture) : options.Seeds[picture];
    }

    Tensor Second(Tensor latents, GenerateOptions options, HiresOptions hires, int[] pictures, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var second = new SecondPass(options, hires, Size(options), model.VaeConfig.Factor, device)
        {
            DecoderOf = first => DecoderOf(options, first),
            EncoderOf = larger => EncoderOf(options, larger),
        }.Over(latents);
        var choice = new SamplingChoice(model, second);
        return scope.MoveToOuter(Sample(second, choice, Encoded(second, choice), pictures, null, cancel));
    }
}
