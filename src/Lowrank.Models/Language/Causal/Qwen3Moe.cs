namespace Lowrank.Models;

/// <summary>Qwen3 with experts (arXiv 2505.09388).</summary>
static class Qwen3Moe
{
    public static LanguageArchitecture Architecture { get; } = new("qwen3_moe", "Qwen3-MoE")
    {
        Read = file => ExpertsConfig.ReadQwen(file) with { AttentionBias = file.Flag("attention_bias", false) },
        Tasks = LanguageTask.OverBody("Qwen3Moe", (config, storage) => Body((ExpertsConfig)config, storage)),
        Names = ExpertsConfig.QwenNames,
    };

    static Decoder Body(ExpertsConfig config, Storage? storage)
    {
        var parts = new AttentionParts { Bias = config.AttentionBias, Norm = LlamaParts.HeadNorm(config, storage) };
        return new("Qwen3MoeModel", LlamaParts.Of(
            "Qwen3Moe", config, config.Roped, parts, layer => config.QwenMlp("Qwen3Moe", layer, storage), storage));
    }
}
