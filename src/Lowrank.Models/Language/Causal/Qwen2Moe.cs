namespace Lowrank.Models;

/// <summary>Qwen1.5 and Qwen2 with experts (arXiv 2407.10671): beside a token's own experts one that all go through, behind a
/// gate.</summary>
static class Qwen2Moe
{
    public static LanguageArchitecture Architecture { get; } = new("qwen2_moe", "Qwen2-MoE")
    {
        Read = file => ExpertsConfig.ReadQwen(file) with
        {
            AttentionBias = file.Flag("qkv_bias", true), SharedExpertSize = file.Count("shared_expert_intermediate_size"),
        },
        Tasks = LanguageTask.OverBody("Qwen2Moe", (config, storage) => Body((ExpertsConfig)config, storage)),
        Names = ExpertsConfig.QwenNames,
    };

    static Decoder Body(ExpertsConfig config, Storage? storage) => new("Qwen2MoeModel", LlamaParts.Of("Qwen2Moe", config, config.Roped,
        new() { Bias = config.AttentionBias, OutBias = false }, layer => config.QwenMlp("Qwen2Moe", layer, storage), storage));
}
