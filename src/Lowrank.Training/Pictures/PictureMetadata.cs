namespace Lowrank.Training;

/// <summary>What the files of a run on pictures tell of it.</summary>
static class PictureMetadata
{
    /// <summary>The <c>ss_</c> metadata of a file: facts of model, pictures and progress, and what the recipe's fields tell.</summary>
    public static Dictionary<string, string> Of(
        TrainingRecipe recipe, StableDiffusion model, PictureFolder folder, RunProgress progress, int batchesPerEpoch)
    {
        var network = NetworkModule.Of(recipe);
        var optimization = recipe.Optimization;
        var metadata = new KohyaMetadata
        {
            Family = model.Describe().Family,
            PredictsV = TrainableModel.PredictsV(model, recipe),
            EndsInNoise = TrainableModel.EndsInNoise(model, recipe),
            ModelName = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model.Location))),
            SessionId = (long)StepSeeds.Of(recipe.Computing.Seed, "session", progress.StartedAt.ToUnixTimeMilliseconds()),
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
        foreach (var (key, text) in RecipeMetadata.Of(recipe)) metadata[key] = text;
        return metadata;

        int EpochsIn(int steps) => (int)(((long)steps * optimization.Accumulation + batchesPerEpoch - 1) / batchesPerEpoch);
    }

    static KohyaFolder FactsOf(IGrouping<string, TrainingPicture> pictures) =>
        new(pictures.Key, pictures.First().Repeats, pictures.Count(), KohyaFolder.CountTags(pictures.Select(picture => picture.Caption)));

    /// <summary>The <c>modelspec</c> facts.</summary>
    public static ModelSpec Spec(TrainingRecipe recipe, StableDiffusion model, RunProgress progress) => new()
    {
        Family = model.Describe().Family,
        PredictsV = TrainableModel.PredictsV(model, recipe),
        Title = recipe.Saving.Name,
        Resolution = (recipe.Pictures.Width, recipe.Pictures.Height),
        Date = progress.StartedAt.LocalDateTime,
        ClipSkip = recipe.Pictures.ClipSkip > 1 ? recipe.Pictures.ClipSkip : null,
    };
}
