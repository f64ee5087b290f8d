namespace Lowrank.Cli;

/// <summary>Options of kohya's training scripts that have no field of a recipe of that meaning: what they are here.</summary>
/// <remarks>kohya-ss/sd-scripts docs/train_network.md; those that a field is also called by are no part of this.</remarks>
static class KohyaOptions
{
    const string NotDone = "is not done here";

    static readonly Dictionary<string, string> table = new()
    {
        ["resolution"] = "is --width W and --height H here",
        ["save_every_n_epochs"] = "is --save-every STEPS here",
        ["save_last_n_steps"] = $"{NotDone}: checkpoints by number all stay, of those by time (--save-every-minutes) the newest",
        ["save_model_as"] = "is not needed here: adapters are safetensors, and lowrank convert writes other dialects",
        ["save_state"] = "is not needed here: the state is always kept, and --resume goes on from it",
        ["network_module"] = "is --method NAME here (networks.lora is lora; of lycoris.kohya the algo)",
        ["config_file"] = "is the recipe here: lowrank train RECIPE.yaml",
        ["dataset_config"] = $"{NotDone}: the folder of --pictures tells repeats and captions",
        ["logging_dir"] = "is DIR/logs/NAME of --output DIR and --name NAME here; --tensorboard false writes none",
        ["log_with"] = "is --tensorboard here; no other log is written",
        ["masked_loss"] = $"{NotDone}: masks are left out",
        ["v2"] = "is not needed here: the model tells what it is",
        ["v_parameterization"] = "is --prediction v_prediction here, where the model does not tell it",
        ["sdpa"] = "is not needed here: attention is always computed so",
        ["xformers"] = "is not needed here: attention is always computed without the whole matrix",
        ["mem_eff_attn"] = "is not needed here; --gradient-checkpointing saves memory",
        ["cache_latents"] = "is not needed here: pictures are always encoded once (--cache-to-disk keeps them)",
        ["cache_text_encoder_outputs"] = "is not needed here: captions are encoded once, unless text encoders are trained",
        ["shuffle_caption"] = $"{NotDone}: captions are learnt in their own order",
        ["keep_tokens"] = $"{NotDone}: captions are learnt in their own order",
        ["flip_aug"] = $"{NotDone}: pictures are learnt as they are",
        ["color_aug"] = $"{NotDone}: pictures are learnt as they are",
        ["random_crop"] = $"{NotDone}: pictures are cropped from the middle",
        ["enable_bucket"] = $"{NotDone}: all pictures have one size, --width by --height",
        ["bucket_no_upscale"] = $"{NotDone}: all pictures have one size; smaller ones are refused without --allow-upscale",
        ["min_bucket_reso"] = $"{NotDone}: all pictures have one size, --width by --height",
        ["max_bucket_reso"] = $"{NotDone}: all pictures have one size, --width by --height",
        ["reg_data_dir"] = $"{NotDone}: there are no pictures of regularisation",
        ["prior_loss_weight"] = $"{NotDone}: there are no pictures of regularisation",
        ["caption_extension"] = "is not needed here: .txt, .caption and .json are read",
        ["network_train_unet_only"] = "is the default here (--train-text-encoder adapts text encoders too)",
        ["network_train_text_encoder_only"] = "is --train-unet false with --train-text-encoder here",
        ["persistent_data_loader_workers"] = "is not needed here: pictures are encoded before the first step",
        ["max_data_loader_n_workers"] = "is not needed here: pictures are encoded before the first step",
        ["full_bf16"] = "is --precision bf16 here",
        ["full_fp16"] = $"{NotDone}: --precision is bf16 or f32",
        ["fp8_base"] = $"{NotDone}: --precision is bf16 or f32",
        ["lowram"] = "is not needed here; --gradient-checkpointing saves memory",
    };

    /// <summary>What an option is here, as a sentence; null for one that is not among them.</summary>
    public static string? Of(string option)
    {
        string name = option.TrimStart('-').Split('=')[0].Replace('-', '_');
        return table.TryGetValue(name, out string? told) ? $"{option} {told}." : null;
    }
}
