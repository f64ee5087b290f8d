namespace Lowrank.Models;

/// <summary>Granite 3 (IBM 2024): Llama with a factor each for embeddings, scores, branches and logits.</summary>
static class Granite
{
    public static LanguageArchitecture Architecture { get; } = new("granite", "Granite")
    {
        Read = file => new GraniteConfig(RopedConfig.Read(file))
        {
            AttentionBias = file.Flag("attention_bias", false),
            MlpBias = file.Flag("mlp_bias", false),
            LogitScale = 1 / file.Number("logits_scaling", 1.0),
            EmbeddingScale = file.Number("embedding_multiplier", 1.0),
            ScoreScale = file.Number("attention_multiplier", 1.0),
            BranchScale = file.Number("residual_multiplier", 1.0),
        },
        Tasks = LanguageTask.OverBody("Granite", (config, storage) => Body((GraniteConfig)config, storage)),
    };

    static Decoder Body(GraniteConfig config, Storage? storage)
    {
        var parts = LlamaParts.Of("Granite", config, layer => config.Roped(layer) with { Scale = config.ScoreScale },
            new() { Bias = config.AttentionBias }, _ => LlamaParts.Mlp("Granite", config, config.MlpBias, storage), storage,
            config.BranchScale);
        return new("GraniteModel", parts with { EmbeddingScale = config.EmbeddingScale });
    }
}

/// <summary>What Granite's config has besides.</summary>
sealed record GraniteConfig : RopedConfig
{
    public GraniteConfig(RopedConfig common) : base(common) { }

    /// <summary>By what embeddings are multiplied.</summary>
    public double EmbeddingScale { get; init; }

    /// <summary>By what scores are multiplied, in place of 1/√d.</summary>
    public double ScoreScale { get; init; }

    /// <summary>By what branches are multiplied before they are added.</summary>
    public double BranchScale { get; init; }
}
