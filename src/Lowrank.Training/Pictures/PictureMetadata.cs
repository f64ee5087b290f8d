namespace Lowrank.Training;

/// <summary>What the files of a run on pictures tell of it.</summary>
static class PictureMetadata
{
    /// <summary>The <c>ss_</c> metadata of a file: facts of model, pictures and progress, and what the recipe's fields tell.</summary>
    public static Dictionary<string, string> Of(
        TrainingRecipe recipe, StableDiffusion model, PictureFolder folder, TrainingProgress progress, int batchesPerEpoch)
    {
        var network = NetworkModule.Of(recipe);
        var (optimization, optimizer, seed) = (recipe.Optimization, Optimizers.Named(recipe.Optimization.Optimizer), recipe.Computing.Seed);
        var metadata = new KohyaMetadata
        {
            Family = model.Describe().Family,
            PredictsV = TrainableModel.PredictsV(model, recipe),
            ModelName = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model.Location))),
            OutputName = recipe.Saving.Name,
            Seed = seed,
            Rank = recipe.Network.Rank,
            Alpha = recipe.Network.Alpha ?? recipe.Network.Rank,
            LearningRate = optimization.LearningRate,
            Optimizer = optimizer.Text(optimization.OptimizerArguments),
            Scheduler = optimization.Schedule,
            SessionId = (long)StepSeeds.Of(seed, "session", progress.StartedAt.ToUnixTimeMilliseconds()),
            StartedAt = progress.StartedAt,
            FinishedAt = DateTimeOffset.UtcNow,
            NetworkModule = network.Name,
            NetworkArguments = network.Arguments,
            WarmupSteps = optimization.WarmupSteps(progress.TotalSteps),
            MixedPrecision = recipe.Computing.ToPrecision().Compute == ScalarType.BFloat16 ? "bf16" : "no",
            TotalSteps = progress.TotalSteps,
            Steps = progress.Step,
            Epochs = EpochsIn(progress.TotalSteps),
            Epoch = EpochsIn(progress.Step),
            BatchesPerEpoch = batchesPerEpoch,
            BatchSize = optimization.BatchSize,
            Resolution = (recipe.Pictures.Width, recipe.Pictures.Height),
            Folders = [.. folder.Pictures.GroupBy(picture => picture.Folder).Select(FactsOf)],
            CacheLatents = true,
        }.ToMetadata().ToDictionary();
        metadata["ss_zero_terminal_snr"] = KohyaMetadata.Text(TrainableModel.EndsInNoise(model, recipe));
        foreach (var (key, text) in RecipeMetadata.Of(recipe)) metadata[key] = text;
        return metadata;

        int EpochsIn(int steps) => (int)(((long)steps * optimization.Accumulation + batchesPerEpoch - 1) / batchesPerEpoch);
    }

    static KohyaFolder FactsOf(IGrouping<string, TrainingPicture> pictures) =>
        new(pictures.Key, pictures.First().Repeats, pictures.Count(), KohyaFolder.CountTags(pictures.Select(picture => picture.Caption)));

    /// <summary>The <c>modelspec</c> facts.</summary>
    public static ModelSpec Spec(TrainingRecipe recipe, StableDiffusion model, TrainingProgress progress) => new()
    {
        Family = model.Describe().Family,
        PredictsV = TrainableModel.PredictsV(model, recipe),
        Title = recipe.Saving.Name,
        Resolution = (recipe.Pictures.Width, recipe.Pictures.Height),
        Date = progress.StartedAt.LocalDateTime,
        ClipSkip = recipe.Pictures.ClipSkip > 1 ? recipe.Pictures.ClipSkip : null,
    };
}
