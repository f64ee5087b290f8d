using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Makes pictures from text.</summary>
/// <param name="model">The model; its parts lie on <paramref name="device"/>.</param>
/// <param name="precision">In which dtype the denoising network is computed. Latents and sampling stay in float32.</param>
/// <param name="device">Where it is computed.</param>
public sealed class TextToImage(StableDiffusion model, Precision precision, Device device)
{
    /// <summary>Shown the pictures on the way; null for nobody.</summary>
    public PicturePreview? Preview { get; init; }

    /// <summary>Makes the pictures that <paramref name="options"/> ask for, batch by batch. Each one's text says how it was made.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancel">Looked at between steps and pictures.</param>
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
        options = options.Checked(model).WithSeeds();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var choice = new SamplingChoice(model, options);
        var prompts = RequestPrompts.Encode(model, options, device, choice.Pass);
        var info = new PictureInfo(options, choice, Size(options), model.Name);
        var pictures = new List<DrawnPicture>();
        foreach (int[] batch in Enumerable.Range(0, options.Count).Chunk(BatchOf(options, choice)))
        {
            using var batchScope = NewDisposeScope();
            int finished = pictures.Count;
            var latents = Sample(options, choice, prompts, batch,
                (step, of, _) => progress?.Report(new SamplingProgress(step, of, finished, options.Count)), cancel);
            for (int i = 0; i < batch.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                using var pictureScope = NewDisposeScope();
                double deviation = latents[i].std(unbiased: false).ToDouble();
                if (!double.IsFinite(deviation))
                    throw new SpoiltPictureException(
                        $"picture {batch[i] + 1} of {options.Count} is no picture: its latents are NaN or infinite");
                var picture = PictureTransforms.FromTensor(Decode(latents[i..(i + 1)])[0]);
                var told = new Picture(picture.Width, picture.Height, picture.Pixels) { InfoText = info.Of(batch[i]).Format() };
                pictures.Add(new(told, deviation));
            }
        }
        return pictures;
    }

    // A picture is the same whatever is made beside it.
    static int BatchOf(GenerateOptions options, SamplingChoice choice)
    {
        if (options.OneGenerator) return options.Count;
        return choice.Make().Sampler.TiesBatch ? 1 : options.Batch;
    }

    /// <summary>The final latents of all pictures as one batch (pictures, C, H, W), float32, scaled as the network sees them.</summary>
    /// <param name="options">What is asked for; its seeds must be given.</param>
    /// <param name="afterStep">Told step (from 1), steps, and the latents after it; they live in the run's scope.</param>
    /// <param name="cancel">Looked at between steps.</param>
    public Tensor Latents(GenerateOptions options, Action<int, int, Tensor>? afterStep = null, CancellationToken cancel = default)
    {
        options = options.Checked(model).WithSeeds();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var choice = new SamplingChoice(model, options);
        var prompts = RequestPrompts.Encode(model, options, device, choice.Pass);
        int[] all = [.. Enumerable.Range(0, options.Count)];
        return scope.MoveToOuter(Sample(options, choice, prompts, all, afterStep, cancel));
    }

    /// <inheritdoc cref="LatentCodec.Decode"/>
    public Tensor Decode(Tensor latents) => Codec.Decode(latents);

    /// <inheritdoc cref="LatentCodec.Encode"/>
    public Tensor Encode(Tensor pictures, Tensor draw) => Codec.Encode(pictures, draw);

    LatentCodec Codec => new(model.Vae, device);

    /// <summary>Pieces of 75 tokens in which a prompt of a request is encoded, with the negative prompt beside it.</summary>
    public int Pieces(string prompt, GenerateOptions options) =>
        RequestPrompts.Chunks(model, options with { Prompts = [prompt], NegativePrompts = null });

    /// <summary>The size that pictures get: what is asked for, or the model's own.</summary>
    public (int Width, int Height) Size(GenerateOptions options)
    {
        int own = model.UNetConfig.SampleSize * model.VaeConfig.Factor;
        return (options.Width ?? own, options.Height ?? own);
    }

    Tensor Sample(
        GenerateOptions options,
        SamplingChoice choice,
        RequestPrompts prompts,
        int[] pictures,
        Action<int, int, Tensor>? afterStep,
        CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var (sampler, plan) = choice.Make();
        var (width, height) = Size(options);
        var sizes = options.Sizes ?? SizeConditions.Of(width, height);
        int factor = model.VaeConfig.Factor;

        using var noise = NoiseOf(options, pictures, [model.VaeConfig.LatentChannels, height / factor, width / factor]);
        bool showsMask = model.UNetConfig.InChannels > model.VaeConfig.LatentChannels;
        var start = options.Start.Begin(new(plan, pictures.Length, noise.First, Encode) { ShowsMask = showsMask });

        var network = new DenoisingNetwork(model.UNet, precision.Compute, device);
        int[] rows = [.. pictures.Select(picture => picture / options.ImagesPerPrompt)];
        var pass = new SamplingPass
        {
            Sampler = sampler,
            Plan = plan,
            Network = network,
            Prediction = choice.Scheduler.Prediction,
            Guider = options.Guider,
            Told = prompts.For(network, rows, sizes, options.NegativeSizes ?? sizes, start.Beside),
            Noise = sampler.DrawsBrownian ? noise.Brownian(plan.Whole.Sigmas) : noise,
            Mixing = start.Mixing,
            Predicted = Preview?.Watch(plan.Steps.Count),
            BeforeStep = options.BeforeStep,
            // A sampler that takes steps of its own may take more than the plan has.
            AfterStep = (step, x) => afterStep?.Invoke(step, Math.Max(step, plan.Steps.Count), x),
        };
        return scope.MoveToOuter(pass.Run(start.Sample, cancel));
    }

    IBatchNoise NoiseOf(GenerateOptions options, int[] pictures, long[] shape)
    {
        IReadOnlyList<long> seeds = options.OneGenerator ? options.Seeds : [.. pictures.Select(picture => options.Seeds[picture])];
        return options.Variation.Changes
            ? new WebUiNoise(seeds, shape, device, options.Variation.For(pictures), options.NoiseSource)
            : new GeneratorNoise(seeds, pictures.Length, shape, device, options.NoiseSource);
    }
}
