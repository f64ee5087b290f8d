namespace Lowrank.Training;

/// <summary>Denoising encoded pictures under their captions.</summary>
public sealed class DiffusionTask : ITrainingTask
{
    readonly StableDiffusion model;
    readonly TrainingRecipe recipe;
    readonly IReadOnlyList<TrainingPicture> pictures;
    readonly LatentCache latents;
    readonly TextCache? texts;
    readonly BatchOrder order;
    readonly DenoisingLoss loss;
    readonly NoiseOptions noise;

    /// <summary>A task over encoded pictures.</summary>
    /// <param name="model">The model; its UNet, and text encoders if <paramref name="texts"/> is null, are run each step.</param>
    /// <param name="recipe">Batch size, losses, dropouts, seed.</param>
    /// <param name="pictures">The pictures, in the order of <paramref name="latents"/>.</param>
    /// <param name="latents">Their latents.</param>
    /// <param name="texts">Their captions, encoded; null encodes them each step, with gradients.</param>
    /// <param name="compute">dtype in which the UNet is computed.</param>
    public DiffusionTask(StableDiffusion model, TrainingRecipe recipe, IReadOnlyList<TrainingPicture> pictures, LatentCache latents, TextCache? texts, ScalarType compute)
    {
        (this.model, this.recipe, this.pictures, this.latents, this.texts) = (model, recipe, pictures, latents, texts);
        order = new BatchOrder([.. pictures.Select(p => p.Repeats)], recipe.BatchSize, recipe.Seed);
        loss = new DenoisingLoss(model, recipe.ToDenoising(compute));
        noise = recipe.ToNoise();
    }

    /// <summary>Whether the network predicts v: as the recipe says, or else the model's scheduler.</summary>
    public static bool PredictsV(StableDiffusion model, TrainingRecipe recipe) => (recipe.PredictionType ?? model.Scheduler.Prediction) == PredictionType.Velocity;

    /// <summary>Is told the noise level of a batch, the largest of its samples', before the network runs; null tells nobody.</summary>
    public Action<double>? Noised { get; set; }

    /// <inheritdoc/>
    public int BatchesPerEpoch => order.BatchesPerEpoch;

    /// <inheritdoc/>
    public Tensor Loss(long number)
    {
        int[] batch = order[number];
        using var generator = StepSeeds.Generator(recipe.Seed, "batch", number);
        // Dropouts inside the network draw from the default generator.
        random.manual_seed((long)StepSeeds.Of(recipe.Seed, "dropout", number));
        var clean = latents.Sample(batch, generator);
        var drawn = TrainingNoise.Draw(clean, loss.Schedule.Count, noise, new GeneratorDraws(generator));
        Noised?.Invoke(drawn.Timesteps.max().to(ScalarType.Float64).ToDouble());
        // XL is told sizes: pictures are taken as if they had always had the training size.
        return loss.PerSample(clean, drawn, Text(batch, generator), SizeConditions.Of(recipe.Width, recipe.Height).ToTensor()).mean();
    }

    TextConditioning Text(int[] batch, Generator generator)
    {
        var captions = batch.Select(p => pictures[p].Caption).ToList();
        if (recipe.CaptionDropout > 0)
            using (var drawn = rand(batch.Length, generator: generator))
                for (int i = 0; i < batch.Length; i++)
                    captions[i] = Captions.Dropped(captions[i], recipe.CaptionDropout, drawn[i].ToDouble());
        return texts?.Of(captions) ?? PromptEncoder.Encode(model, captions, recipe.ClipSkip);
    }
}
