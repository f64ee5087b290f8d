namespace Lowrank.Models;

/// <summary>Qwen3 (arXiv 2505.09388): queries and keys are normed head by head before they are turned.</summary>
static class Qwen3
{
    public static LanguageArchitecture Architecture { get; } = new("qwen3", "Qwen3")
    {
        Read = file =>
        {
            var config = RopedConfig.Read(file);
            return config with
            {
                AttentionBias = file.Flag("attention_bias", false), Windows = Qwen2.WindowsIn(file, config.Layers),
            };
        },
        Tasks = LanguageTask.OverBody("Qwen3", (config, storage) => Body((RopedConfig)config, storage)),
        Gguf = new("qwen3", [.. GgufNames.OfLlama(), .. GgufNames.HeadNorms], GgufFields.OfQwen(tellsHead: true)),
    };

    static Decoder Body(RopedConfig config, Storage? storage)
    {
        var parts = new AttentionParts { Bias = config.AttentionBias, Norm = LlamaParts.HeadNorm(config, storage) };
        return new("Qwen3Model", LlamaParts.Of("Qwen3", config, config.Roped, parts, mlpBias: false, storage));
    }
}
