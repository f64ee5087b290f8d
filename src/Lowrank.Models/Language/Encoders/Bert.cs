namespace Lowrank.Models;

/// <summary>BERT (Devlin et al., arXiv 1810.04805).</summary>
static class Bert
{
    static readonly EncoderTasks tasks = new("Bert", "bert", (config, storage, pools) => Body((EncoderConfig)config, pools, storage))
    {
        PoolsRows = true, Rows = Rows, Words = (config, body, storage) => Words("bert", config, body, storage),
    };

    public static LanguageArchitecture Architecture { get; } = new("bert", "BERT")
    {
        Read = EncoderConfig.Read,
        // Weights of the first training tell besides whether two texts follow each other, which nobody asks: that head is passed over.
        Tasks = [.. tasks.All(), tasks.OfWords("BertForPreTraining")],
        States = tasks.States(),
        Names = new() { Body = "bert" },
        Gguf = new("bert", GgufNames.OfBert(), GgufFields.OfBert(GgufFields.Positions)),
    };

    static BertEncoder Body(EncoderConfig config, bool pools, Storage? storage) => new("Bert", config,
        new(config.VocabularySize, config.HiddenSize, config.NormEps)
        {
            Positions = config.MaxPositions, Types = config.Types, Pad = config.PadId,
        },
        pools, storage);

    static EncoderHead Rows(LanguageConfig config, Encoder body, Storage? storage)
    {
        var classifier = new Linear(config.HiddenSize, config.Labels.Count, true, storage);
        return new([("classifier", classifier)], (hidden, _) => classifier.call(body.Pooled(hidden)));
    }

    /// <summary>BERT's head over the vocabulary, which DeBERTa took over.</summary>
    internal static EncoderHead Words(string bodyName, LanguageConfig config, Encoder body, Storage? storage)
    {
        var transform = new DenseNorm("BertPredictionHeadTransform",
            new Linear(config.HiddenSize, body.Tokens.Weight.Shape[1], true, storage),
            ("LayerNorm", new LayerNorm(body.Tokens.Weight.Shape[1], config.NormEps, storage)), config.Activation);
        return Over(bodyName, "cls.predictions", "BertLMPredictionHead", transform, true, config, body, storage);
    }

    /// <summary>A head over the vocabulary whose product reads the table of tokens, or a table of its own.</summary>
    /// <param name="bodyName">What the body is called.</param>
    /// <param name="path">What the head is called.</param>
    /// <param name="name">Its published class.</param>
    /// <param name="transform">What comes before the product.</param>
    /// <param name="nests">Whether that is a part of its own.</param>
    /// <param name="config">The shape.</param>
    /// <param name="body">Whose table it is.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    internal static EncoderHead Over(string bodyName, string path, string name, DenseNorm transform, bool nests, LanguageConfig config,
        Encoder body, Storage? storage)
    {
        var decoder = config.TiesHead ? new Linear(body.Tokens)
            : new Linear(body.Tokens.Weight.Shape[1], config.VocabularySize, false, storage);
        var head = new VocabularyHead(name, transform, nests, body.Tokens, decoder, storage);
        // Older files hold the bias a second time.
        var shared = new Dictionary<string, string> { [$"{path}.decoder.bias"] = $"{path}.bias" };
        if (config.TiesHead) shared[$"{path}.decoder.weight"] = $"{bodyName}.{body.TokensPath}.weight";
        return new([(path, head)], (hidden, _) => head.call(hidden)) { Shared = shared };
    }
}
