namespace Lowrank.Models;

/// <summary>Falcon (Almazrouei et al., arXiv 2311.16867): one projection, few key heads, both branches read the same state.</summary>
static class Falcon
{
    public static LanguageArchitecture Architecture { get; } = new("falcon", "Falcon")
    {
        OtherNames = ["RefinedWeb", "RefinedWebModel"],
        Read = Read,
        Tasks = LanguageTask.OverBody("Falcon", (config, storage) => Body((FalconConfig)config, storage), new("transformer")),
        Names = new() { Body = "transformer" },
    };

    static FalconConfig Read(ConfigReader file)
    {
        var fields = new ConfigFields
        {
            Inner = "ffn_hidden_size", InnerTimes = 4, KeyHeads = file.Has("n_head_kv") ? "n_head_kv" : "num_kv_heads",
            Eps = "layer_norm_epsilon", AbsentEps = 1e-5,
            Activation = "activation", AbsentActivation = "gelu", Ties = true,
            Layers = file.Has("n_layer") ? "n_layer" : "num_hidden_layers", Heads = file.Has("n_head") ? "n_head" : "num_attention_heads",
        };
        var common = RopedConfig.Read(file, fields);
        bool isNew = file.Flag("new_decoder_architecture", false), shares = file.Flag("multi_query", true);
        file.Require(!file.Flag("alibi", false), "alibi is true, and positions by biases are not supported");
        int norms = file.OptionalCount("num_ln_in_parallel_attn") ?? (isNew ? 2 : 1);
        return new(common)
        {
            KeyHeads = isNew ? common.KeyHeads : shares ? 1 : common.Heads,
            AttentionBias = file.Flag("bias", false),
            IsParallel = isNew || file.Flag("parallel_attn", true),
            Norms = isNew ? norms : 1,
            IsNew = isNew,
            Order = isNew || !shares ? QkvOrder.ByKeyHead : QkvOrder.Whole,
        };
    }

    static Decoder Body(FalconConfig config, Storage? storage)
    {
        int width = config.HiddenSize, inner = config.IntermediateSize;
        return new("FalconModel", new(new Embedding(config.VocabularySize, width, storage),
            [.. Enumerable.Range(0, config.Layers).Select(Layer)], Norm(), config.Windows)
        {
            Names = new("word_embeddings", "h", "ln_f"),
        });

        LayerNorm Norm() => new(width, config.NormEps, storage);

        Layer<Tensor, Pass> Layer(int number)
        {
            var shape = config.Roped(number);
            var attention = new FusedAttention("FalconAttention", shape,
                ("query_key_value", new Linear(width, shape.Width + 2 * shape.KeyWidth, config.AttentionBias, storage)), config.Order,
                ("dense", new Linear(width, width, config.AttentionBias, storage)));
            var mlp = new PlainMlp("FalconMLP", ("dense_h_to_4h", new Linear(width, inner, config.AttentionBias, storage)),
                ("dense_4h_to_h", new Linear(inner, width, config.AttentionBias, storage)), config.Activation);
            bool hasTwo = config.IsNew && config.Norms == 2;
            var names = hasTwo ? new LayerNames("ln_attn", "self_attention", "ln_mlp") : new(Attention: "self_attention");
            return config.IsParallel
                ? new ParallelLayer("FalconDecoderLayer", names, Norm(), attention, hasTwo ? Norm() : null, mlp)
                : new SerialLayer("FalconDecoderLayer", names, Norm(), attention, Norm(), mlp);
        }
    }
}

/// <summary>What Falcon's config has besides.</summary>
sealed record FalconConfig : RopedConfig
{
    public FalconConfig(RopedConfig common) : base(common) { }

    /// <summary>Whether both branches read the same state.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Whether it is of the generation whose norms have other names.</summary>
    public bool IsNew { get; init; }

    /// <summary>How many norms stand before the branches.</summary>
    public int Norms { get; init; }

    /// <summary>In which order the rows of the projection stand.</summary>
    public QkvOrder Order { get; init; }
}
