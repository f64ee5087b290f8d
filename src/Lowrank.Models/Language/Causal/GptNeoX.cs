namespace Lowrank.Models;

/// <summary>GPT-NeoX (Black et al., arXiv 2204.06745), which Pythia is: both branches read the same state, each through its norm.</summary>
static class GptNeoX
{
    public static LanguageArchitecture Architecture { get; } = new("gpt_neox", "GPT-NeoX")
    {
        Read = file => new NeoXConfig(RopedConfig.Read(file, Fields, share: 0.25))
        {
            AttentionBias = file.Flag("attention_bias", true),
            IsParallel = file.Flag("use_parallel_residual", true),
        },
        Tasks = LanguageTask.OverBody("GPTNeoX", (config, storage) => Body((NeoXConfig)config, storage), new("gpt_neox", "embed_out")),
        Mlx = new(
        [
            ("gpt_neox.embed_in", "model.embed_in"), ("gpt_neox.final_layer_norm", "model.final_layer_norm"),
            ("embed_out", "model.embed_out"),
            .. new[]
            {
                "input_layernorm", "post_attention_layernorm", "attention.query_key_value", "attention.dense", "mlp.dense_h_to_4h",
                "mlp.dense_4h_to_h",
            }.Select(part => ($"gpt_neox.layers.{{}}.{part}", $"model.h.{{}}.{part}")),
        ]),
        Names = new() { Body = "gpt_neox", Others = new(("embed_out.weight", "lm_head.weight")), Buffers = ["attention.bias"] },
    };

    static ConfigFields Fields { get; } = new() { Eps = "layer_norm_eps", AbsentEps = 1e-5, AbsentActivation = "gelu" };

    static Decoder Body(NeoXConfig config, Storage? storage)
    {
        int width = config.HiddenSize, inner = config.IntermediateSize;
        var names = new LayerNames(Attention: "attention");
        return new("GPTNeoXModel", new(new Embedding(config.VocabularySize, width, storage),
            [.. Enumerable.Range(0, config.Layers).Select(Layer)], Norm(), config.Windows)
        {
            Names = new("embed_in", Norm: "final_layer_norm"),
        });

        LayerNorm Norm() => new(width, config.NormEps, storage);

        Layer<Tensor, Pass> Layer(int number)
        {
            var attention = new FusedAttention("GPTNeoXAttention", config.Roped(number),
                ("query_key_value", new Linear(width, 3 * width, config.AttentionBias, storage)), QkvOrder.ByKeyHead,
                ("dense", new Linear(width, width, config.AttentionBias, storage)));
            var mlp = new PlainMlp("GPTNeoXMLP", ("dense_h_to_4h", new Linear(width, inner, storage: storage)),
                ("dense_4h_to_h", new Linear(inner, width, storage: storage)), config.Activation);
            return config.IsParallel
                ? new ParallelLayer("GPTNeoXLayer", names, Norm(), attention, Norm(), mlp)
                : new SerialLayer("GPTNeoXLayer", names, Norm(), attention, Norm(), mlp);
        }
    }
}

/// <summary>What GPT-NeoX's config has besides.</summary>
sealed record NeoXConfig : RopedConfig
{
    public NeoXConfig(RopedConfig common) : base(common) { }

    /// <summary>Whether both branches read the same state.</summary>
    public bool IsParallel { get; init; }
}
