namespace Lowrank.Models;

/// <summary>OLMo 2 (arXiv 2501.00656): a norm after each branch and none before it; queries and keys are normed over all heads.</summary>
static class Olmo2
{
    public static LanguageArchitecture Architecture { get; } = new("olmo2", "OLMo 2")
    {
        Read = file => RopedConfig.Read(file, new() { AbsentEps = 1e-5 }) with { AttentionBias = file.Flag("attention_bias", false) },
        Tasks = LanguageTask.OverBody("Olmo2", (config, storage) => Body((RopedConfig)config, storage)),
    };

    static Decoder Body(RopedConfig config, Storage? storage) => new("Olmo2Model", new(
        new Embedding(config.VocabularySize, config.HiddenSize, storage),
        [.. Enumerable.Range(0, config.Layers).Select(number => new Olmo2Layer(config, number, storage))],
        LlamaParts.Norm(config, storage), config.Windows));
}

/// <summary>x + norm(attention x), then x + norm(mlp x).</summary>
sealed class Olmo2Layer : Layer<Tensor, Pass>
{
    readonly SelfAttention self_attn;
    readonly GatedMlp mlp;
    readonly RmsNorm post_attention_layernorm, post_feedforward_layernorm;

    public Olmo2Layer(RopedConfig config, int number, Storage? storage) : base("Olmo2DecoderLayer")
    {
        var parts = new AttentionParts
        {
            Bias = config.AttentionBias, NormsWhole = true,
            Norm = heads => new RmsNorm(heads * config.HeadDim, config.NormEps, storage),
        };
        self_attn = new SelfAttention("Olmo2Attention", config.HiddenSize, config.Roped(number), parts, storage);
        mlp = LlamaParts.Mlp("Olmo2", config, bias: false, storage);
        post_attention_layernorm = LlamaParts.Norm(config, storage);
        post_feedforward_layernorm = LlamaParts.Norm(config, storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x, Pass pass)
    {
        var h = x + post_attention_layernorm.call(self_attn.call(x, pass));
        return h + post_feedforward_layernorm.call(mlp.call(h));
    }
}
