namespace Lowrank.Models;

/// <summary>Qwen2 and Qwen2.5 (Yang et al., arXiv 2407.10671): queries, keys and values have biases; late layers may slide.</summary>
static class Qwen2
{
    public static LanguageArchitecture Architecture { get; } = new("qwen2", "Qwen2")
    {
        Read = Read,
        Tasks = LanguageTask.OverBody("Qwen2", (config, storage) => Body((RopedConfig)config, storage)),
        Gguf = new("qwen2", GgufNames.OfLlama(), GgufFields.OfQwen(tellsHead: false)),
    };

    static RopedConfig Read(ConfigReader file)
    {
        var config = RopedConfig.Read(file);
        return config with { Windows = WindowsIn(file, config.Layers) };
    }

    /// <summary>How far back layers see: none slides unless <c>use_sliding_window</c> says so, and then those from
    /// <c>max_window_layers</c> on.</summary>
    public static IReadOnlyList<int?> WindowsIn(ConfigReader file, int layers)
    {
        int first = file.Integer("max_window_layers", 28);
        if (!file.Flag("use_sliding_window", false)) return new int?[layers];
        return ConfigFields.WindowsIn(file, layers, layer => layer >= first);
    }

    static Decoder Body(RopedConfig config, Storage? storage) => new("Qwen2Model",
        LlamaParts.Of("Qwen2", config, config.Roped, new() { Bias = true, OutBias = false }, mlpBias: false, storage));
}
