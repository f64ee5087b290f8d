using System.Globalization;

namespace Lowrank.Training;

/// <summary>What a run's files tell of it.</summary>
static class RunMetadata
{
    /// <summary>The ss_* metadata of a file saved after <paramref name="step"/> of <paramref name="totalSteps"/> steps.</summary>
    public static Dictionary<string, string> Of(TrainingRecipe recipe, StableDiffusion model, PictureFolder folder, int step, int totalSteps, int batchesPerEpoch, DateTimeOffset started, bool bfloat16)
    {
        var network = NetworkModule.Of(recipe);
        var metadata = new KohyaMetadata
        {
            Family = StableDiffusionFamilies.Of(model.Family),
            PredictsV = DiffusionTask.PredictsV(model, recipe),
            ModelName = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model.Location))),
            OutputName = recipe.Name,
            SessionId = (long)StepSeeds.Of(recipe.Seed, "session", started.ToUnixTimeMilliseconds()),
            StartedAt = started,
            FinishedAt = DateTimeOffset.UtcNow,
            Seed = recipe.Seed,
            Rank = recipe.Rank,
            Alpha = recipe.Alpha ?? recipe.Rank,
            Dropout = recipe.Dropout > 0 ? recipe.Dropout : null,
            NetworkModule = network.Name,
            NetworkArguments = network.Arguments,
            LearningRate = recipe.LearningRate,
            UnetLearningRate = recipe.TrainUnet ? recipe.RateOfUnet : null,
            TextEncoderLearningRate = recipe.TrainTextEncoder ? recipe.RateOfTextEncoder : null,
            Optimizer = string.Create(CultureInfo.InvariantCulture, $"torch.optim.adamw.AdamW(weight_decay={recipe.WeightDecay},betas=({recipe.Beta1}, {recipe.Beta2}),eps={recipe.Epsilon})"),
            Scheduler = RecipeFields.Named("schedule").Get(recipe)!,
            WarmupSteps = TrainingRun.WarmupSteps(recipe, totalSteps),
            MaxGradientNorm = recipe.MaxGradNorm,
            AccumulationSteps = recipe.Accumulation,
            GradientCheckpointing = recipe.GradientCheckpointing,
            MixedPrecision = bfloat16 ? "bf16" : "no",
            TotalSteps = totalSteps,
            Steps = step,
            Epochs = EpochsIn(totalSteps),
            Epoch = EpochsIn(step),
            BatchesPerEpoch = batchesPerEpoch,
            BatchSize = recipe.BatchSize,
            Resolution = (recipe.Width, recipe.Height),
            Folders = [.. folder.Pictures.GroupBy(p => p.Folder).Select(g => new KohyaFolder(g.Key, g.First().Repeats, g.Count(), KohyaFolder.CountTags(g.Select(p => p.Caption))))],
            ClipSkip = recipe.ClipSkip > 1 ? recipe.ClipSkip : null,
            CacheLatents = true,
            CaptionDropout = recipe.CaptionDropout,
            MinSnrGamma = recipe.MinSnrGamma > 0 ? recipe.MinSnrGamma : null,
            NoiseOffset = recipe.NoiseOffset > 0 ? recipe.NoiseOffset : null,
            LossType = recipe.Loss,
        }.ToMetadata().ToDictionary();
        metadata["ss_scale_weight_norms"] = KohyaMetadata.Text(recipe.ScaleWeightNorms);
        metadata["ss_multires_noise_iterations"] = KohyaMetadata.Text(recipe.MultiresNoiseIterations > 0 ? recipe.MultiresNoiseIterations : null);
        metadata["ss_multires_noise_discount"] = KohyaMetadata.Text(recipe.MultiresNoiseDiscount);
        metadata["ss_ip_noise_gamma"] = KohyaMetadata.Text(recipe.IpNoiseGamma > 0 ? recipe.IpNoiseGamma : null);
        metadata["ss_zero_terminal_snr"] = KohyaMetadata.Text(recipe.ZeroTerminalSnr || model.Scheduler.RescaleBetasZeroSnr);
        metadata["ss_debiased_estimation"] = KohyaMetadata.Text(recipe.DebiasedEstimation);
        metadata["ss_huber_schedule"] = recipe.HuberSchedule;
        metadata["ss_huber_c"] = KohyaMetadata.Text(recipe.HuberC);
        return metadata;

        int EpochsIn(int steps) => (int)(((long)steps * recipe.Accumulation + batchesPerEpoch - 1) / batchesPerEpoch);
    }

    /// <summary>The modelspec.* facts.</summary>
    public static ModelSpec Spec(TrainingRecipe recipe, StableDiffusion model, DateTimeOffset started) => new()
    {
        Family = StableDiffusionFamilies.Of(model.Family),
        PredictsV = DiffusionTask.PredictsV(model, recipe),
        Title = recipe.Name,
        Resolution = (recipe.Width, recipe.Height),
        Date = started.LocalDateTime,
        ClipSkip = recipe.ClipSkip > 1 ? recipe.ClipSkip : null,
    };
}
