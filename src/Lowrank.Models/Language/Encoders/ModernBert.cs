namespace Lowrank.Models;

/// <summary>ModernBERT (Warner et al., arXiv 2412.13663): norms before branches, rotary embeddings, gated feed-forward parts, and layers
/// that see only what is near.</summary>
static class ModernBert
{
    const string Global = "full_attention", Local = "sliding_attention";

    static readonly EncoderTasks tasks = new(
        "ModernBert", "model", (config, storage, _) => new ModernBertEncoder((ModernBertConfig)config, storage))
    {
        Rows = Rows, Tokens = Tokens, Answers = Answers, Words = Words,
    };

    public static LanguageArchitecture Architecture { get; } = new("modernbert", "ModernBERT")
    {
        Read = Read,
        Tasks = tasks.All(),
        States = tasks.States(),
        Names = new() { Heads = ["head", "decoder"] },
    };

    static ModernBertConfig Read(ConfigReader file)
    {
        EncoderConfig.Demand(file);
        var common = (EncoderConfig.Fields with
        {
            AbsentPositions = 8192, Eps = "norm_eps", AbsentEps = 1e-5, Activation = "hidden_activation",
        }).Read(file);
        double global = file.Number("global_rope_theta", 160_000);
        double local = file.IsNull("local_rope_theta") ? global : file.Number("local_rope_theta", 10_000);
        return new(common)
        {
            Windows = WindowsIn(file, common.Layers),
            Rope = RopeKinds.Read(file, common.HeadDim, common.MaxPositions, global, layers: Global),
            LocalRope = RopeKinds.ReadSliding(file, common.HeadDim, common.MaxPositions, local),
            AttentionBias = file.Flag("attention_bias", false),
            MlpBias = file.Flag("mlp_bias", false),
            NormBias = file.Flag("norm_bias", false),
            HeadBias = file.Flag("classifier_bias", false),
            HeadActivation = Activations.Read(file, "classifier_activation", "gelu"),
            PoolsMean = file.Word("classifier_pooling", "cls", "mean") == "mean",
            DecoderBias = file.Flag("decoder_bias", true),
        };
    }

    // So many tokens on either side are half of local_attention.
    static IReadOnlyList<int?> WindowsIn(ConfigReader file, int layers)
    {
        int every = file.Count("global_attn_every_n_layers", 3), near = file.Count("local_attention", 128) / 2;
        string[] types = file.Has("layer_types")
            ? [.. file.Words("layer_types", layers, Global, Local)]
            : [.. Enumerable.Range(0, layers).Select(layer => layer % every == 0 ? Global : Local)];
        return [.. types.Select(type => type == Local ? near : (int?)null)];
    }

    static DenseNorm Head(ModernBertConfig config, Storage? storage) => new("ModernBertPredictionHead",
        new Linear(config.HiddenSize, config.HiddenSize, config.HeadBias, storage),
        ("norm", new LayerNorm(config.HiddenSize, config.NormEps, storage, config.NormBias)), config.HeadActivation);

    static EncoderHead Rows(LanguageConfig config, Encoder body, Storage? storage)
    {
        bool isMean = ((ModernBertConfig)config).PoolsMean;
        var head = Head((ModernBertConfig)config, storage);
        var classifier = new Linear(config.HiddenSize, config.Labels.Count, true, storage);
        return new([("head", head), ("classifier", classifier)],
            (hidden, mask) => classifier.call(head.call(isMean ? Pooling.Mean(hidden, mask) : hidden.select(1, 0))));
    }

    static EncoderHead Tokens(LanguageConfig config, Encoder body, Storage? storage) => OfTokens(config, config.Labels.Count, storage);

    static EncoderHead Answers(LanguageConfig config, Encoder body, Storage? storage) => OfTokens(config, 2, storage);

    static EncoderHead OfTokens(LanguageConfig config, int labels, Storage? storage)
    {
        var head = Head((ModernBertConfig)config, storage);
        var classifier = new Linear(config.HiddenSize, labels, true, storage);
        return new([("head", head), ("classifier", classifier)], (hidden, _) => classifier.call(head.call(hidden)));
    }

    static EncoderHead Words(LanguageConfig config, Encoder body, Storage? storage)
    {
        bool bias = ((ModernBertConfig)config).DecoderBias;
        var head = Head((ModernBertConfig)config, storage);
        var decoder = config.TiesHead ? new Linear(body.Tokens, bias, storage)
            : new Linear(config.HiddenSize, config.VocabularySize, bias, storage);
        var shared = new Dictionary<string, string>();
        if (config.TiesHead) shared["decoder.weight"] = $"model.{body.TokensPath}.weight";
        return new([("head", head), ("decoder", decoder)], (hidden, _) => decoder.call(head.call(hidden))) { Shared = shared };
    }
}

/// <summary>What ModernBERT's config has besides.</summary>
sealed record ModernBertConfig : EncoderConfig
{
    public ModernBertConfig(LanguageConfig common) : base(common) { }

    /// <summary>How queries and keys are turned in layers that see all.</summary>
    public required Rope Rope { get; init; }

    /// <summary>The same in layers that see what is near.</summary>
    public required Rope LocalRope { get; init; }

    /// <summary>Whether projections of attention have biases.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether feed-forward parts have biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Whether norms have biases.</summary>
    public bool NormBias { get; init; }

    /// <summary>Whether the heads' linear layer has a bias.</summary>
    public bool HeadBias { get; init; }

    /// <summary>The heads' activation.</summary>
    public string HeadActivation { get; init; } = "gelu";

    /// <summary>Whether a classifier of rows reads the mean of the states; else the first token's.</summary>
    public bool PoolsMean { get; init; }

    /// <summary>Whether the product with the table of tokens has a bias.</summary>
    public bool DecoderBias { get; init; }

    /// <summary>How a layer attends.</summary>
    public AttentionShape Roped(int layer) => BothSides(layer) with { Rope = Windows[layer] is null ? Rope : LocalRope };
}

/// <summary>Embeddings, layers, final norm.</summary>
sealed class ModernBertEncoder : Encoder
{
    readonly LayerNorm norm;

    public ModernBertEncoder(ModernBertConfig config, Storage? storage) : base("ModernBertModel",
        new("ModernBertEmbeddings", new(config.VocabularySize, config.HiddenSize, config.NormEps)
        {
            TokensName = "tok_embeddings", NormName = "norm", NormBias = config.NormBias, Pad = config.PadId,
        }, storage),
        "layers", [.. Enumerable.Range(0, config.Layers).Select(number => new ModernBertLayer(config, number, storage))])
    {
        norm = new LayerNorm(config.HiddenSize, config.NormEps, storage, config.NormBias);
        register_module("final_norm", norm);
    }

    protected override Tensor Finish(Tensor last) => norm.call(last);
}

/// <summary>x + attention(norm x), then x + mlp(norm x); the first layer's state is normed already.</summary>
sealed class ModernBertLayer : EncoderLayer
{
    readonly LayerNorm? norm1;
    readonly LayerNorm norm2;
    readonly FusedAttention attention;
    readonly HalvedMlp mlp;

    public ModernBertLayer(ModernBertConfig config, int number, Storage? storage) : base("ModernBertEncoderLayer")
    {
        int width = config.HiddenSize;
        if (number > 0)
        {
            norm1 = new LayerNorm(width, config.NormEps, storage, config.NormBias);
            register_module("attn_norm", norm1);
        }
        attention = new FusedAttention("ModernBertAttention", config.Roped(number),
            ("Wqkv", new Linear(width, 3 * width, config.AttentionBias, storage)), QkvOrder.Whole,
            ("Wo", new Linear(width, width, config.AttentionBias, storage)));
        norm2 = new LayerNorm(width, config.NormEps, storage, config.NormBias);
        mlp = new HalvedMlp("ModernBertMLP", ("Wi", new Linear(width, 2 * config.IntermediateSize, config.MlpBias, storage)),
            ("Wo", new Linear(config.IntermediateSize, width, config.MlpBias, storage)), config.Activation);
        register_module("attn", attention);
        register_module("mlp_norm", norm2);
        register_module("mlp", mlp);
    }

    protected override Tensor Compute(Tensor x, Pass pass, Tensor? table)
    {
        var h = x + attention.call(norm1 is null ? x : norm1.call(x), pass);
        return h + mlp.call(norm2.call(h));
    }
}
