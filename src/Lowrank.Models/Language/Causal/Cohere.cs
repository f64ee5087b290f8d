namespace Lowrank.Models;

/// <summary>Command R (Cohere 2024): layer norms without bias, both branches read the same state, neighbouring numbers turn
/// together.</summary>
static class Cohere
{
    public static LanguageArchitecture Architecture { get; } = new("cohere", "Command R")
    {
        Read = file => RopedConfig.Read(file, Fields, theta: 10000) with
        {
            AttentionBias = file.Flag("attention_bias", false),
            NormsQueries = file.Flag("use_qk_norm", false),
            LogitScale = file.Number("logit_scale", 0.0625),
        },
        Tasks = LanguageTask.OverBody("Cohere", (config, storage) => Body((RopedConfig)config, storage)),
    };

    static ConfigFields Fields { get; } = new() { Eps = "layer_norm_eps", AbsentEps = 1e-5, Ties = true };

    static Decoder Body(RopedConfig config, Storage? storage)
    {
        int width = config.HiddenSize;
        return new("CohereModel", new(new Embedding(config.VocabularySize, width, storage),
            [.. Enumerable.Range(0, config.Layers).Select(Layer)], Norm(), config.Windows));

        LayerNorm Norm() => new(width, config.NormEps, storage, bias: false);

        Layer<Tensor, Pass> Layer(int number)
        {
            var parts = new AttentionParts
            {
                Bias = config.AttentionBias,
                Norm = config.NormsQueries ? heads => new CohereHeadNorm(heads, config.HeadDim, config.NormEps, storage) : null,
            };
            var shape = config.Roped(number) with { TurnsPairs = true };
            return new ParallelLayer("CohereDecoderLayer", new(), Norm(),
                new SelfAttention("CohereAttention", width, shape, parts, storage), null,
                LlamaParts.Mlp("Cohere", config, bias: false, storage));
        }
    }
}

/// <summary>A layer norm of each head without bias, whose scales are of one head each.</summary>
sealed class CohereHeadNorm : Layer
{
    readonly Parameter weight;   // (heads, D)
    readonly double eps;

    public CohereHeadNorm(int heads, int headDim, double eps, Storage? storage) : base("CohereLayerNorm")
    {
        this.eps = eps;
        weight = Weights.Parameter(storage, heads, headDim);
        register_parameter("weight", weight);
    }

    protected override Tensor Compute(Tensor x) =>
        nn.functional.layer_norm(x, [x.shape[^1]], null, null, eps) * weight.to(x.dtype);
}
