namespace Lowrank.Models;

/// <summary>Fields of config.json by which some families compute otherwise: told where a family is given one that it has no use
/// for.</summary>
static class FieldsOfOthers
{
    static readonly string[] all =
    [
        "attn_logit_softcapping", "final_logit_softcapping", "query_pre_attn_scalar", "logit_scale", "logits_scaling",
        "embedding_multiplier", "residual_multiplier", "attention_multiplier", "scale_depth", "scale_emb", "dim_model_base",
        "sliding_window_pattern", "no_rope_layer_interval", "use_qk_norm", "qk_layernorm", "clip_qkv", "alibi", "parallel_attn",
        "use_parallel_residual", "num_local_experts", "num_experts", "partial_rotary_factor", "rotary_pct",
    ];

    /// <summary>A sentence on those that are set and that the family has no use for; null where there are none.</summary>
    /// <param name="config">The config, read.</param>
    /// <param name="path">Its place.</param>
    /// <param name="family">The family.</param>
    public static string? Told(ConfigReader config, string path, LanguageArchitecture family)
    {
        string[] fields = [.. config.NotAsked(all)];
        if (fields.Length == 0) return null;
        string them = fields.Length == 1 ? "it" : "them";
        return $"{path}: not used: {string.Join(", ", fields)}: models of {family.Title} compute nothing by {them}.";
    }
}
