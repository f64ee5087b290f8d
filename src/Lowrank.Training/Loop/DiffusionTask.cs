namespace Lowrank.Training;

/// <summary>Denoising: latents are noised at a random timestep, and the UNet says by what.</summary>
/// <remarks>Ho et al. 2020 (arXiv 2006.11239), equation 14; v: Salimans and Ho 2022 (arXiv 2202.00512).</remarks>
public sealed class DiffusionTask : ITrainingTask
{
    readonly StableDiffusion model;
    readonly TrainingRecipe recipe;
    readonly IReadOnlyList<TrainingPicture> pictures;
    readonly LatentCache latents;
    readonly TextCache? texts;
    readonly BatchOrder order;
    readonly NoiseSchedule schedule;
    readonly DiffusionLoss loss;
    readonly ScalarType compute;

    /// <summary>A task over encoded pictures.</summary>
    /// <param name="model">The model; its UNet, and text encoders if <paramref name="texts"/> is null, are run each step.</param>
    /// <param name="recipe">Batch size, losses, dropouts, seed.</param>
    /// <param name="pictures">The pictures, in the order of <paramref name="latents"/>.</param>
    /// <param name="latents">Their latents.</param>
    /// <param name="texts">Their captions, encoded; null encodes them each step, with gradients.</param>
    /// <param name="compute">dtype in which the UNet is computed.</param>
    public DiffusionTask(StableDiffusion model, TrainingRecipe recipe, IReadOnlyList<TrainingPicture> pictures, LatentCache latents, TextCache? texts, ScalarType compute)
    {
        (this.model, this.recipe, this.pictures, this.latents, this.texts, this.compute) = (model, recipe, pictures, latents, texts, compute);
        order = new BatchOrder([.. pictures.Select(p => p.Repeats)], recipe.BatchSize, recipe.Seed);
        schedule = NoiseSchedule.From(model.Scheduler);
        loss = new DiffusionLoss(recipe.MinSnrGamma, PredictsV(model, recipe));
    }

    /// <summary>Whether the network predicts v: as the recipe says, or else the model's scheduler.</summary>
    public static bool PredictsV(StableDiffusion model, TrainingRecipe recipe) =>
        recipe.Prediction == "auto" ? model.Scheduler.Prediction == PredictionType.Velocity : recipe.Prediction == "v_prediction";

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
        var noise = TrainingNoise.Draw(clean.shape, recipe.NoiseOffset, generator);
        var timesteps = randint(0, schedule.Count, [batch.Length], generator: generator);
        var text = Text(batch, generator);
        var prediction = model.UNet.Run(schedule.AddNoise(clean, noise, timesteps).to(compute), timesteps, text.Context.to(compute), Added(text, batch.Length));
        var target = loss.PredictsV ? schedule.Velocity(clean, noise, timesteps) : noise;
        return loss.PerSample(prediction, target, schedule.AlphasCumprod.index_select(0, timesteps)).mean();
    }

    TextConditioning Text(int[] batch, Generator generator)
    {
        var captions = batch.Select(p => pictures[p].Caption).ToList();
        if (recipe.CaptionDropout > 0)
            using (var drawn = rand(batch.Length, generator: generator))
                for (int i = 0; i < batch.Length; i++)
                    if (drawn[i].ToDouble() < recipe.CaptionDropout) captions[i] = "";
        return texts?.Of(captions) ?? PromptEncoder.Encode(model, captions, recipe.ClipSkip);
    }

    // XL is told sizes: pictures are taken as if they had always had the training size.
    AddedConditions? Added(TextConditioning text, int count) => text.Pooled is null ? null
        : new AddedConditions(text.Pooled.to(compute), tensor(new float[] { recipe.Height, recipe.Width, 0, 0, recipe.Height, recipe.Width }).expand(count, 6));
}
