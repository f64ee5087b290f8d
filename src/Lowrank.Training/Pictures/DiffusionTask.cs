namespace Lowrank.Training;

/// <summary>Denoising encoded pictures under their captions.</summary>
public sealed class DiffusionTask : ITrainingTask
{
    readonly StableDiffusion model;
    readonly long seed;
    readonly double captionDropout;
    readonly int clipSkip;
    readonly EncodedPictures pictures;
    readonly IBatches batches;
    readonly Device device;
    readonly DenoisingLoss loss;
    readonly NoiseOptions noise;

    /// <summary>A task over encoded pictures.</summary>
    /// <param name="model">The model; its UNet, and text encoders if captions are not encoded yet, are run each step.</param>
    /// <param name="recipe">Losses, dropouts, seed.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="batches">Which are learnt together.</param>
    /// <param name="compute">dtype in which the UNet is computed.</param>
    /// <param name="device">Where it is computed.</param>
    public DiffusionTask(
        StableDiffusion model, TrainingRecipe recipe, EncodedPictures pictures, IBatches batches, ScalarType compute, Device device)
    {
        this.model = model;
        seed = recipe.Computing.Seed;
        (captionDropout, clipSkip) = (recipe.Pictures.CaptionDropout, recipe.Pictures.ClipSkip);
        this.pictures = pictures;
        this.batches = batches;
        this.device = device;
        loss = new DenoisingLoss(model, recipe.Denoising.ToLoss(compute));
        noise = recipe.Denoising.ToNoise();
    }

    /// <summary>Is told the noise level of a batch, the largest of its samples', before the network runs; null tells nobody.</summary>
    public Action<double>? Noised { get; set; }

    /// <inheritdoc/>
    public int BatchesPerEpoch => batches.PerEpoch;

    /// <inheritdoc/>
    public Tensor Loss(long number)
    {
        var items = batches[number].Items;
        using var generator = StepSeeds.Generator(seed, "batch", number);
        // Dropouts inside the network draw from the default generator.
        random.manual_seed((long)StepSeeds.Of(seed, "dropout", number));
        var clean = pictures.Latents.Sample(items, generator).to(device);
        var drawn = TrainingNoise.Draw(clean, loss.Schedule.Count, noise, new GeneratorDraws(generator));
        Noised?.Invoke(drawn.Timesteps.max().to(ScalarType.Float64).ToDouble());
        var text = Text(items, generator);
        // XL is told sizes: pictures are taken as if they had always had the training size.
        var size = pictures.Latents.SizeOf(items);
        var sizes = text.Pooled is not { } pooled ? null : SizeConditions.Of(size.Width, size.Height)
            .ToTensor(model.UNetConfig.AddedNumbers(pooled.shape[1]), isNegative: false, device);
        return loss.PerSample(clean, drawn, text, sizes).mean();
    }

    TextConditioning Text(IReadOnlyList<int> items, Generator generator)
    {
        var captions = items.Select(item => pictures.Pictures[item].Caption).ToList();
        if (captionDropout > 0) DropCaptions(captions, generator);
        return pictures.Texts?.Of(captions) ?? PromptEncoder.Encode(model, captions, clipSkip, pieces: pictures.Pieces);
    }

    void DropCaptions(List<string> captions, Generator generator)
    {
        using var drawn = rand(captions.Count, device: CPU, generator: generator);
        for (int i = 0; i < captions.Count; i++)
            captions[i] = Captions.Dropped(captions[i], captionDropout, drawn[i].ToDouble());
    }
}
