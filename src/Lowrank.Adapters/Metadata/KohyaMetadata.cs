using System.Text.Json.Nodes;

namespace Lowrank.Adapters;

/// <summary>
/// The <c>ss_*</c> metadata of a training run, by which AUTOMATIC1111, ComfyUI, Civitai and kohya's own tools know how an adapter was made:
/// those that no option of the trainer tells by itself.
/// </summary>
/// <remarks>
/// With the keys that the fields of a recipe bring these are all that kohya's trainer writes; those of features that do not exist here have
/// the values they have there. Source: kohya-ss/sd-scripts train_network.py at 48d368f.
/// </remarks>
public sealed record KohyaMetadata
{
    /// <summary>Family of the base model.</summary>
    public required ModelFamily Family { get; init; }

    /// <summary>Whether the base model predicts v rather than noise.</summary>
    public bool PredictsV { get; init; }

    /// <summary>Whether the noisiest level is noise alone.</summary>
    public bool EndsInNoise { get; init; }

    /// <summary>Name of the base model's file or folder, without its path; null writes none.</summary>
    public string? ModelName { get; init; }

    /// <summary>A number that is the same in all files of a run.</summary>
    public required long SessionId { get; init; }

    /// <summary>When training began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, or this file was saved.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>
    /// Rank and alpha of convolutions with a kernel, other dropouts, as kohya's network_args name them: <c>conv_dim</c>,
    /// <c>conv_alpha</c>, <c>rank_dropout</c>, <c>module_dropout</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> NetworkArguments { get; init; } = new Dictionary<string, string>();

    /// <summary>The module of sd-scripts that makes such adapters.</summary>
    public string NetworkModule { get; init; } = "networks.lora";

    /// <summary>Steps of warm-up.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>"no", "fp16" or "bf16".</summary>
    public string MixedPrecision { get; init; } = "no";

    /// <summary>Steps that the run is planned to take.</summary>
    public required int TotalSteps { get; init; }

    /// <summary>Steps taken when this file was saved.</summary>
    public required int Steps { get; init; }

    /// <summary>Epochs that the run is planned to take.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch in which this file was saved, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Batches of an epoch.</summary>
    public required int BatchesPerEpoch { get; init; }

    /// <summary>Pictures of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Training size in pixels.</summary>
    public required (int Width, int Height) Resolution { get; init; }

    /// <summary>The folders of pictures.</summary>
    public required IReadOnlyList<KohyaFolder> Folders { get; init; }

    /// <summary>Whether latents were computed once and kept.</summary>
    public bool CacheLatents { get; init; }

    /// <summary>The metadata as strings.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata() => Values.ToDictionary(pair => pair.Key, pair => Text(pair.Value));

    /// <summary>A value as kohya writes it: Python's text of null, a bool, a number or a string; JSON as Python dumps it.</summary>
    public static string Text(object? value) => MetadataText.Of(value);

    IEnumerable<(string Key, object? Value)> Values =>
        [.. Session, .. Schedule, .. Loss, .. Captions, .. Pictures, .. Base, .. WhereTold];

    // Which run it was.
    IEnumerable<(string Key, object? Value)> Session =>
    [
        ("ss_session_id", SessionId),
        ("ss_training_started_at", Seconds(StartedAt)),
        ("ss_training_finished_at", Seconds(FinishedAt)),
        ("ss_training_comment", null),
        ("ss_sd_scripts_commit_hash", "(unknown)"),
        ("ss_lowram", false),
    ];

    // How what was trained.
    IEnumerable<(string Key, object? Value)> Schedule =>
    [
        ("ss_network_module", NetworkModule),
        ("ss_lr_warmup_steps", WarmupSteps),
        ("ss_max_train_steps", TotalSteps),
        ("ss_num_epochs", Epochs),
        ("ss_epoch", Epoch),
        ("ss_steps", Steps),
        ("ss_num_batches_per_epoch", BatchesPerEpoch),
        ("ss_mixed_precision", MixedPrecision),
        ("ss_full_fp16", false),
        ("ss_fp8_base", false),
        ("ss_fp8_base_unet", false),
    ];

    // Noise and loss.
    IEnumerable<(string Key, object? Value)> Loss =>
    [
        ("ss_noise_offset_random_strength", false),
        ("ss_adaptive_noise_scale", null),
        ("ss_ip_noise_gamma_random_strength", false),
        ("ss_zero_terminal_snr", EndsInNoise),
        ("ss_huber_scale", 1),
        ("ss_prior_loss_weight", 1.0),
        ("ss_num_validation_images", 0),
        ("ss_validation_seed", null),
        ("ss_validation_split", 0.0),
        ("ss_validate_every_n_epochs", null),
        ("ss_validate_every_n_steps", null),
        ("ss_max_validation_steps", null),
    ];

    // Captions.
    static IEnumerable<(string Key, object? Value)> Captions =>
    [
        ("ss_max_token_length", null),
        ("ss_caption_dropout_every_n_epochs", 0),
        ("ss_caption_tag_dropout_rate", 0.0),
        ("ss_shuffle_caption", false),
        ("ss_keep_tokens", 0),
    ];

    // Pictures in folders, not a dataset configuration: kohya's keys for training with --train_data_dir.
    IEnumerable<(string Key, object? Value)> Pictures =>
    [
        ("ss_num_train_images", Folders.Sum(f => f.Repeats * f.Images)),
        ("ss_num_reg_images", 0),
        ("ss_cache_latents", CacheLatents),
        ("ss_batch_size_per_device", BatchSize),
        ("ss_total_batch_size", BatchSize),
        ("ss_resolution", $"({Resolution.Width}, {Resolution.Height})"),
        ("ss_color_aug", false),
        ("ss_flip_aug", false),
        ("ss_random_crop", false),
        ("ss_enable_bucket", false),
        ("ss_bucket_no_upscale", false),
        ("ss_min_bucket_reso", null),
        ("ss_max_bucket_reso", null),
        ("ss_resize_interpolation", null),
        ("ss_face_crop_aug_range", null),
        ("ss_dataset_dirs", KohyaFolder.Directories(Folders)),
        ("ss_reg_dataset_dirs", new JsonObject()),
        ("ss_tag_frequency", KohyaFolder.TagFrequency(Folders)),
        ("ss_bucket_info", "null"),
    ];

    // The base model.
    IEnumerable<(string Key, object? Value)> Base =>
    [
        ("ss_v2", Facts.IsSecondGeneration),
        ("ss_base_model_version", Facts.KohyaVersion),
    ];

    // Keys that stand only where there is something to tell.
    IEnumerable<(string Key, object? Value)> WhereTold
    {
        get
        {
            if (NetworkArguments.Count > 0) yield return ("ss_network_args", new JsonObject(NetworkArguments.Select(Argument)));
            if (ModelName is not null) yield return ("ss_sd_model_name", ModelName);
        }
    }

    static KeyValuePair<string, JsonNode?> Argument(KeyValuePair<string, string> argument) => new(argument.Key, argument.Value);

    FamilyFacts Facts => Family.FactsOf(PredictsV);

    static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
