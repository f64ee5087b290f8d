namespace Lowrank.Models;

/// <summary>Phi-1, 1.5 and 2 (arXiv 2306.11644, 2309.05463): one norm feeds both branches, heads turn in part, the head has a
/// bias.</summary>
static class Phi
{
    public static LanguageArchitecture Architecture { get; } = new("phi", "Phi")
    {
        Read = file => RopedConfig.Read(file, Fields, share: 0.5) with { NormsQueries = file.Flag("qk_layernorm", false) },
        Tasks = LanguageTask.OverBody("Phi", (config, storage) => Body((RopedConfig)config, storage), new(HasBias: true)),
    };

    static ConfigFields Fields { get; } = new() { Eps = "layer_norm_eps", AbsentEps = 1e-5, AbsentActivation = "gelu_new" };

    static Decoder Body(RopedConfig config, Storage? storage)
    {
        int width = config.HiddenSize;
        return new("PhiModel", new(new Embedding(config.VocabularySize, width, storage),
            [.. Enumerable.Range(0, config.Layers).Select(Layer)], Norm(width), config.Windows) { Names = new(Norm: "final_layernorm") });

        LayerNorm Norm(int size) => new(size, config.NormEps, storage);

        Layer<Tensor, Pass> Layer(int number)
        {
            var parts = new AttentionParts
            {
                Bias = true, OutName = "dense", QueryNorm = "q_layernorm", KeyNorm = "k_layernorm",
                Norm = config.NormsQueries ? _ => Norm(config.HeadDim) : null,
            };
            var mlp = new PlainMlp("PhiMLP", ("fc1", new Linear(width, config.IntermediateSize, storage: storage)),
                ("fc2", new Linear(config.IntermediateSize, width, storage: storage)), config.Activation);
            return new ParallelLayer("PhiDecoderLayer", new(), Norm(width),
                new SelfAttention("PhiAttention", width, config.Roped(number), parts, storage), null, mlp);
        }
    }
}
