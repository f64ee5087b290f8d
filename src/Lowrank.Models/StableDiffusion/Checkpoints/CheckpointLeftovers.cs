namespace Lowrank.Models;

/// <summary>Keys that checkpoints carry along and that nothing here needs.</summary>
static class CheckpointLeftovers
{
    // LDM's tables of the noise schedule, which are computed from its settings; the trainer's counters.
    static readonly HashSet<string> tables =
    [
        "betas", "alphas_cumprod", "alphas_cumprod_prev", "sqrt_alphas_cumprod", "sqrt_one_minus_alphas_cumprod",
        "log_one_minus_alphas_cumprod", "sqrt_recip_alphas_cumprod", "sqrt_recipm1_alphas_cumprod", "posterior_variance",
        "posterior_log_variance_clipped", "posterior_mean_coef1", "posterior_mean_coef2", "logvar", "lvlb_weights", "scale_factor",
        "denoiser.sigmas", "denoiser.log_sigmas", "global_step", "epoch",
    ];

    static readonly string[] beginnings =
    [
        CheckpointKind.AveragesPrefix, "first_stage_model.loss.", "first_stage_model.model_ema.", "safety_checker.",
        "cond_stage_model.transformer.vision_model.", "cond_stage_model.transformer.visual_projection.",
        "optimizer_states.", "lr_schedulers.", "callbacks.", "loops.",
    ];

    // Of text encoders: numbers that count up, the scale of a loss, a triangle, and the projection of one that is not projected.
    static readonly string[] endings =
        ["position_ids", "logit_scale", "attn_mask", "transformer.text_projection.weight", "transformer.text_model.text_projection.weight"];

    /// <summary>Whether a key that no part has is one of them.</summary>
    internal static bool Known(string key) => tables.Contains(key) || key is CheckpointNoise.VelocityMark or CheckpointNoise.ZeroMark
        || beginnings.Any(beginning => key.StartsWith(beginning, StringComparison.Ordinal))
        || (key.StartsWith("cond", StringComparison.Ordinal) && endings.Any(ending => key.EndsWith(ending, StringComparison.Ordinal)));
}
