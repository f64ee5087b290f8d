namespace Lowrank.Models;

/// <summary>Gemma 2 (arXiv 2408.00118): four norms a layer, soft caps on scores and logits, every second layer slides.</summary>
static class Gemma2
{
    public static LanguageArchitecture Architecture { get; } = new("gemma2", "Gemma 2")
    {
        Read = Read,
        Tasks = LanguageTask.OverBody("Gemma2", (config, storage) => Body((GemmaConfig)config, storage)),
        Gguf = new("gemma2", GgufNames.OfGemma2,
        [
            .. GgufFields.OfGemma, .. GgufFields.SoftCaps, GgufFields.Window, new QueryScalarField(layers: 46),
        ]),
    };

    static GemmaConfig Read(ConfigReader file)
    {
        var common = RopedConfig.Read(file, Gemma.Fields);
        return new(common)
        {
            AttentionBias = file.Flag("attention_bias", false),
            Windows = ConfigFields.WindowsIn(file, common.Layers, layer => layer % 2 == 0),
            LogitSoftCap = file.OptionalNumber("final_logit_softcapping"),
            ScoreSoftCap = file.OptionalNumber("attn_logit_softcapping"),
            QueryScalar = file.Number("query_pre_attn_scalar", common.HeadDim),
        };
    }

    static Decoder Body(GemmaConfig config, Storage? storage)
    {
        return new("Gemma2Model", new(new Embedding(config.VocabularySize, config.HiddenSize, storage),
            [.. Enumerable.Range(0, config.Layers).Select(Layer)], Gemma.Norm(config.HiddenSize, config, storage), config.Windows)
        {
            EmbeddingScale = Math.Sqrt(config.HiddenSize),
        });

        Layer<Tensor, Pass> Layer(int number) => new GemmaLayer("Gemma2", config, new SelfAttention("Gemma2Attention", config.HiddenSize,
            config.Scaled(number), new() { Bias = config.AttentionBias }, storage), storage);
    }
}

/// <summary>What the configs of Gemma 2 and 3 have besides.</summary>
sealed record GemmaConfig : RopedConfig
{
    public GemmaConfig(RopedConfig common) : base(common) { }

    /// <summary>The soft cap of scores; null for none.</summary>
    public double? ScoreSoftCap { get; init; }

    /// <summary>By whose root scores are divided.</summary>
    public double QueryScalar { get; init; }

    /// <summary>How layers that slide are turned, where that is another way.</summary>
    public Rope? LocalRope { get; init; }

    /// <summary>How a layer attends.</summary>
    public AttentionShape Scaled(int layer) => Attention(layer) with
    {
        Rope = Windows[layer] is null ? Rope : LocalRope ?? Rope, Scale = 1 / Math.Sqrt(QueryScalar), SoftCap = ScoreSoftCap,
    };
}
