namespace Lowrank.Models;

/// <summary>SmolLM3 (Hugging Face 2025): Llama in which some layers have no rotary embedding.</summary>
static class SmolLm3
{
    public static LanguageArchitecture Architecture { get; } = new("smollm3", "SmolLM3")
    {
        Read = Read,
        Tasks = LanguageTask.OverBody("SmolLM3", (config, storage) => Body((SmolLm3Config)config, storage)),
    };

    static SmolLm3Config Read(ConfigReader file)
    {
        var config = RopedConfig.Read(file, new() { Ties = true }, theta: 2_000_000);
        int every = file.Count("no_rope_layer_interval", 4);
        var told = file.Integers("no_rope_layers");   // 1 where a layer has one
        file.Require(told.Count == 0 || told.Count == config.Layers,
            $"no_rope_layers has {told.Count} numbers, and there are {config.Layers} layers");
        bool slides = file.Flag("use_sliding_window", false);
        return new(config)
        {
            AttentionBias = file.Flag("attention_bias", false),
            MlpBias = file.Flag("mlp_bias", false),
            Windows = slides ? ConfigFields.WindowsIn(file, config.Layers, layer => !Turns(layer)) : new int?[config.Layers],
            Turns = [.. Enumerable.Range(0, config.Layers).Select(Turns)],
        };

        bool Turns(int layer) => told.Count > layer ? told[layer] != 0 : (layer + 1) % every != 0;
    }

    static Decoder Body(SmolLm3Config config, Storage? storage) => new("SmolLM3Model", LlamaParts.Of("SmolLM3", config,
        layer => config.Turns[layer] ? config.Roped(layer) : config.Attention(layer), new() { Bias = config.AttentionBias },
        config.MlpBias, storage));
}

/// <summary>What SmolLM3's config has besides.</summary>
sealed record SmolLm3Config : RopedConfig
{
    public SmolLm3Config(RopedConfig common) : base(common) { }

    /// <summary>Which layers have a rotary embedding.</summary>
    public IReadOnlyList<bool> Turns { get; init; } = [];
}
