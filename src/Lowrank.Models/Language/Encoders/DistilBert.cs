namespace Lowrank.Models;

/// <summary>DistilBERT (Sanh et al., arXiv 1910.01108): BERT without types and pooler, under names of its own.</summary>
static class DistilBert
{
    const double Eps = 1e-12;   // its config has none

    static readonly EncoderTasks tasks = new("DistilBert", "distilbert", (config, storage, _) => new DistilBertEncoder(config, storage))
    {
        Rows = Rows, Words = Words,
    };

    public static LanguageArchitecture Architecture { get; } = new("distilbert", "DistilBERT")
    {
        Read = Read,
        Tasks = tasks.All(),
        States = tasks.States(),
        Names = new() { Body = "distilbert", Heads = ["vocab_transform", "vocab_layer_norm", "vocab_projector", "pre_classifier"] },
    };

    static EncoderConfig Read(ConfigReader file) => new((EncoderConfig.Fields with
    {
        Hidden = "dim", Inner = "hidden_dim", Layers = "n_layers", Heads = "n_heads", Activation = "activation", AbsentEps = Eps,
    }).Read(file));

    static EncoderHead Rows(LanguageConfig config, Encoder body, Storage? storage)
    {
        var dense = new Linear(config.HiddenSize, config.HiddenSize, true, storage);
        var classifier = new Linear(config.HiddenSize, config.Labels.Count, true, storage);
        return EncoderHead.OfFirst(
            first => classifier.call(dense.call(first).relu()), ("pre_classifier", dense), ("classifier", classifier));
    }

    static EncoderHead Words(LanguageConfig config, Encoder body, Storage? storage)
    {
        var dense = new Linear(config.HiddenSize, config.HiddenSize, true, storage);
        var norm = new LayerNorm(config.HiddenSize, Eps, storage);
        var projector = config.TiesHead ? new Linear(body.Tokens, true, storage)
            : new Linear(config.HiddenSize, config.VocabularySize, true, storage);
        var activation = Activations.Named(config.Activation);
        var shared = new Dictionary<string, string>();
        if (config.TiesHead) shared["vocab_projector.weight"] = $"distilbert.{body.TokensPath}.weight";
        return new([("vocab_transform", dense), ("vocab_layer_norm", norm), ("vocab_projector", projector)],
            (hidden, _) => projector.call(norm.call(activation(dense.call(hidden))))) { Shared = shared };
    }
}

/// <summary>Embeddings and layers.</summary>
sealed class DistilBertEncoder(LanguageConfig config, Storage? storage) : Encoder("DistilBertModel",
    new("DistilBertEmbeddings", new(config.VocabularySize, config.HiddenSize, config.NormEps) 
        { Positions = config.MaxPositions, Pad = config.PadId }, storage),
    "transformer.layer",
    [.. Enumerable.Range(0, config.Layers).Select(number => new DistilBertLayer((EncoderConfig)config, number, storage))]);

/// <summary>norm(x + attention x), then norm(x + mlp x).</summary>
sealed class DistilBertLayer : EncoderLayer
{
    readonly DistilBertAttention attention;
    readonly LayerNorm norm1, norm2;
    readonly PlainMlp mlp;

    public DistilBertLayer(EncoderConfig config, int number, Storage? storage) : base("TransformerBlock")
    {
        attention = new DistilBertAttention(config.HiddenSize, config.BothSides(number), storage);
        norm1 = new LayerNorm(config.HiddenSize, config.NormEps, storage);
        mlp = new PlainMlp("FFN", ("lin1", new Linear(config.HiddenSize, config.IntermediateSize, true, storage)),
            ("lin2", new Linear(config.IntermediateSize, config.HiddenSize, true, storage)), config.Activation);
        norm2 = new LayerNorm(config.HiddenSize, config.NormEps, storage);
        register_module("attention", attention);
        register_module("sa_layer_norm", norm1);
        register_module("ffn", mlp);
        register_module("output_layer_norm", norm2);
    }

    protected override Tensor Compute(Tensor x, Pass pass, Tensor? table)
    {
        var attended = norm1.call(x + attention.call(x, pass));
        return norm2.call(attended + mlp.call(attended));
    }
}

/// <summary>Attention of tokens to tokens on both sides.</summary>
sealed class DistilBertAttention : Layer<Tensor, Pass>
{
    readonly AttentionShape shape;
    readonly Linear q_lin, k_lin, v_lin, out_lin;

    public DistilBertAttention(int hidden, AttentionShape shape, Storage? storage) : base("DistilBertSelfAttention")
    {
        this.shape = shape;
        q_lin = new Linear(hidden, shape.Width, true, storage);
        k_lin = new Linear(hidden, shape.Width, true, storage);
        v_lin = new Linear(hidden, shape.Width, true, storage);
        out_lin = new Linear(shape.Width, hidden, true, storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x, Pass pass) =>
        out_lin.call(HeadAttention.Run(Heads(q_lin.call(x)), Heads(k_lin.call(x)), Heads(v_lin.call(x)), shape, pass));

    Tensor Heads(Tensor projected) => HeadAttention.Split(projected, shape.Heads, shape.HeadDim);
}
