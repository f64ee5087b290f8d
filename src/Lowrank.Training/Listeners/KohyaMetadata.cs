using System.Globalization;
using System.Text.Json;

namespace Lowrank.Training;

/// <summary>The ss_* metadata by which kohya's tools and web UIs tell how an adapter was trained.</summary>
/// <remarks>Source: kohya-ss/sd-scripts train_network.py at 48d368f. Every value is a string; what does not apply is "None" there.</remarks>
public static class KohyaMetadata
{
    /// <summary>The metadata of a run.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="model">The base model.</param>
    /// <param name="folder">The pictures.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="totalSteps">Steps of the whole run.</param>
    /// <param name="batchesPerEpoch">Batches in a pass over the pictures.</param>
    /// <param name="started">When the run began.</param>
    /// <param name="precision">"bf16" or "no".</param>
    public static Dictionary<string, string> Of(
        TrainingRecipe recipe, StableDiffusion model, PictureFolder folder, int step, int totalSteps, int batchesPerEpoch, DateTimeOffset started, string precision)
    {
        bool v = DiffusionTask.PredictsV(model, recipe);
        var byFolder = folder.Pictures.GroupBy(p => p.Folder).ToList();
        var tags = byFolder.ToDictionary(g => g.Key, g => g.SelectMany(p => p.Caption.Split(',').Select(t => t.Trim()).Where(t => t.Length > 0)).GroupBy(t => t).ToDictionary(t => t.Key, t => t.Count()));
        var dirs = byFolder.ToDictionary(g => g.Key, g => new { n_repeats = g.First().Repeats, img_count = g.Count() });
        var network = new Dictionary<string, string>();
        if (recipe.ConvRank > 0) (network["conv_dim"], network["conv_alpha"]) = (Text(recipe.ConvRank), Text(recipe.ConvAlpha ?? recipe.ConvRank));
        if (recipe.RankDropout > 0) network["rank_dropout"] = Text(recipe.RankDropout);
        if (recipe.ModuleDropout > 0) network["module_dropout"] = Text(recipe.ModuleDropout);
        return new Dictionary<string, string>
        {
            ["ss_output_name"] = recipe.Name,
            ["ss_session_id"] = Text((long)StepSeeds.Of(recipe.Seed, "session", started.ToUnixTimeMilliseconds())),
            ["ss_training_started_at"] = Text(started.ToUnixTimeMilliseconds() / 1000.0),
            ["ss_training_finished_at"] = Text(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0),
            ["ss_seed"] = Text(recipe.Seed),
            ["ss_learning_rate"] = Text(recipe.LearningRate),
            ["ss_unet_lr"] = recipe.TrainUnet ? Text(recipe.RateOfUnet) : "None",
            ["ss_text_encoder_lr"] = recipe.TrainTextEncoder ? Text(recipe.RateOfTextEncoder) : "None",
            ["ss_optimizer"] = $"torch.optim.adamw.AdamW(weight_decay={Text(recipe.WeightDecay)},betas=({Text(recipe.Beta1)}, {Text(recipe.Beta2)}),eps={Text(recipe.Epsilon)})",
            ["ss_lr_scheduler"] = RecipeFields.Named("schedule").Get(recipe)!,
            ["ss_lr_warmup_steps"] = Text(TrainingRun.WarmupSteps(recipe, totalSteps)),
            ["ss_max_grad_norm"] = Text(recipe.MaxGradNorm),
            ["ss_gradient_checkpointing"] = Text(recipe.GradientCheckpointing),
            ["ss_gradient_accumulation_steps"] = Text(recipe.Accumulation),
            ["ss_max_train_steps"] = Text(totalSteps),
            ["ss_steps"] = Text(step),
            ["ss_num_batches_per_epoch"] = Text(batchesPerEpoch),
            ["ss_num_epochs"] = Text((totalSteps * (long)recipe.Accumulation + batchesPerEpoch - 1) / batchesPerEpoch),
            ["ss_epoch"] = Text((step * (long)recipe.Accumulation + batchesPerEpoch - 1) / batchesPerEpoch),
            ["ss_mixed_precision"] = precision,
            ["ss_full_fp16"] = "False",
            ["ss_network_module"] = "networks.lora",
            ["ss_network_dim"] = Text(recipe.Rank),
            ["ss_network_alpha"] = Text(recipe.Alpha ?? recipe.Rank),
            ["ss_network_dropout"] = recipe.Dropout > 0 ? Text(recipe.Dropout) : "None",
            ["ss_network_args"] = JsonSerializer.Serialize(network),
            ["ss_noise_offset"] = recipe.NoiseOffset > 0 ? Text(recipe.NoiseOffset) : "None",
            ["ss_min_snr_gamma"] = recipe.MinSnrGamma > 0 ? Text(recipe.MinSnrGamma) : "None",
            ["ss_zero_terminal_snr"] = Text(model.Scheduler.RescaleBetasZeroSnr),
            ["ss_loss_type"] = "l2",
            ["ss_clip_skip"] = recipe.ClipSkip > 1 ? Text(recipe.ClipSkip) : "None",
            ["ss_caption_dropout_rate"] = Text(recipe.CaptionDropout),
            ["ss_num_train_images"] = Text(folder.Count),
            ["ss_num_reg_images"] = "0",
            ["ss_cache_latents"] = "True",
            ["ss_batch_size_per_device"] = Text(recipe.BatchSize),
            ["ss_total_batch_size"] = Text(recipe.BatchSize * recipe.Accumulation),
            ["ss_resolution"] = $"({recipe.Width}, {recipe.Height})",
            ["ss_enable_bucket"] = "False",
            ["ss_dataset_dirs"] = JsonSerializer.Serialize(dirs),
            ["ss_tag_frequency"] = JsonSerializer.Serialize(tags),
            ["ss_v2"] = Text(model.Family == "sd2"),
            ["ss_base_model_version"] = (model.Family, v) switch { ("sd1", _) => "sd_v1", ("sd2", true) => "sd_v2_v", ("sd2", false) => "sd_v2", ("sdxl", _) => "sdxl_base_v1-0", var (other, _) => other },
            ["ss_sd_model_name"] = Path.GetFileName(Path.GetFullPath(model.Folder)),
        };
    }

    // As Python prints them: 0.0001 and 1e-05, True and False.
    static string Text(bool value) => value ? "True" : "False";

    static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    static string Text(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace("E-0", "e-0", StringComparison.Ordinal).Replace("E", "e", StringComparison.Ordinal);
        return text.Contains('.', StringComparison.Ordinal) || text.Contains('e', StringComparison.Ordinal) ? text : text + ".0";
    }
}
