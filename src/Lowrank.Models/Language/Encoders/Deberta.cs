namespace Lowrank.Models;

/// <summary>DeBERTa, its second and third version (He et al., arXiv 2006.03654 and 2111.09543): what a token is and where it stands are
/// compared apart.</summary>
static class Deberta
{
    static readonly EncoderTasks tasks = new(
        "DebertaV2", "deberta", (config, storage, _) => new DebertaEncoder((DebertaConfig)config, storage))
    {
        Rows = Rows, Words = Words,
    };

    public static LanguageArchitecture Architecture { get; } = new("deberta-v2", "DeBERTa")
    {
        Read = Read,
        Tasks = tasks.All(),
        States = tasks.States(),
        Names = new() { Body = "deberta" },
    };

    static DebertaConfig Read(ConfigReader file)
    {
        EncoderConfig.Demand(file);
        var common = (EncoderConfig.Fields with { AbsentEps = 1e-7 }).Read(file);
        bool isRelative = file.Flag("relative_attention", false);
        int farthest = file.Integer("max_relative_positions", -1);
        return new(common)
        {
            Types = file.Integer("type_vocab_size", 0),
            TokenWidth = file.Count("embedding_size", common.HiddenSize),
            HasPositions = file.Flag("position_biased_input", true),
            Relative = isRelative ? new(file.Integer("position_buckets", -1), farthest < 1 ? common.MaxPositions : farthest) : null,
            Terms = isRelative ? TermsIn(file) : [],
            SharesKeys = file.Flag("share_att_key", false),
            NormsTable = (file.Text("norm_rel_ebd") ?? "none").Split('|').Any(part => part.Trim() == "layer_norm"),
            ConvolutionKernel = file.Integer("conv_kernel_size", 0),
            ConvolutionGroups = file.Count("conv_groups", 1),
            ConvolutionActivation = Activations.Read(file, "conv_act", "tanh"),
            PoolerActivation = Activations.Read(file, "pooler_hidden_act", "gelu"),
            NamesHeadAsBert = file.Flag("legacy", true),
        };
    }

    // A list, or in older files one text: "p2c|c2p".
    static string[] TermsIn(ConfigReader file)
    {
        if (!file.Has("pos_att_type")) return [];
        string[] terms = file.IsText("pos_att_type")
            ? file.Text("pos_att_type")!.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. file.Texts("pos_att_type")];
        foreach (string term in terms)
            file.Require(term is "c2p" or "p2c", $"pos_att_type names {term}; known are c2p and p2c");
        return terms;
    }

    static EncoderHead Rows(LanguageConfig config, Encoder body, Storage? storage)
    {
        var pooler = new DebertaPooler((DebertaConfig)config, storage);
        var classifier = new Linear(config.HiddenSize, config.Labels.Count, true, storage);
        return EncoderHead.OfFirst(first => classifier.call(pooler.call(first)), ("pooler", pooler), ("classifier", classifier));
    }

    static EncoderHead Words(LanguageConfig config, Encoder body, Storage? storage)
    {
        if (((DebertaConfig)config).NamesHeadAsBert) return Bert.Words("deberta", config, body, storage);
        var transform = new DenseNorm("DebertaV2LMTransform", new Linear(config.HiddenSize, config.HiddenSize, true, storage),
            ("LayerNorm", new LayerNorm(config.HiddenSize, config.NormEps, storage)), config.Activation);
        var head = new VocabularyHead("DebertaV2LMPredictionHead", transform, false, body.Tokens, null, storage);
        return new([("lm_predictions.lm_head", head)], (hidden, _) => head.call(hidden));
    }
}

/// <summary>What DeBERTa's config has besides.</summary>
sealed record DebertaConfig : EncoderConfig
{
    public DebertaConfig(LanguageConfig common) : base(common) { }

    /// <summary>Width of the tokens' vectors.</summary>
    public int TokenWidth { get; init; }

    /// <summary>Whether the embeddings have a table of positions.</summary>
    public bool HasPositions { get; init; }

    /// <summary>How distances are counted; null where attention does not ask for them.</summary>
    public DebertaPositions? Relative { get; init; }

    /// <summary>What is compared besides content with content: "c2p", content with place; "p2c", place with content.</summary>
    public IReadOnlyList<string> Terms { get; init; } = [];

    /// <summary>Whether places are projected as content is.</summary>
    public bool SharesKeys { get; init; }

    /// <summary>Whether the table of distances is normed.</summary>
    public bool NormsTable { get; init; }

    /// <summary>Tokens that the convolution beside the first layer sees; 0 for none.</summary>
    public int ConvolutionKernel { get; init; }

    /// <summary>Its groups.</summary>
    public int ConvolutionGroups { get; init; }

    /// <summary>Its activation.</summary>
    public string ConvolutionActivation { get; init; } = "tanh";

    /// <summary>The pooler's activation.</summary>
    public string PoolerActivation { get; init; } = "gelu";

    /// <summary>Whether the head over the vocabulary has BERT's names; else <c>lm_predictions</c>.</summary>
    public bool NamesHeadAsBert { get; init; }
}

/// <summary>act(dense x).</summary>
sealed class DebertaPooler : Layer
{
    readonly Linear dense;
    readonly Func<Tensor, Tensor> activation;

    public DebertaPooler(DebertaConfig config, Storage? storage) : base("ContextPooler")
    {
        dense = new Linear(config.HiddenSize, config.HiddenSize, true, storage);
        activation = Activations.Named(config.PoolerActivation);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor first) => activation(dense.call(first));
}
