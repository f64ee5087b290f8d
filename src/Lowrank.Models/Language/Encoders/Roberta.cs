namespace Lowrank.Models;

/// <summary>RoBERTa (Liu et al., arXiv 1907.11692): BERT whose table of positions begins after the pad's id.</summary>
static class Roberta
{
    static readonly EncoderTasks tasks = new(
        "Roberta", "roberta", (config, storage, pools) => new RobertaEncoder((EncoderConfig)config, pools, storage))
    {
        Rows = Rows, Words = Words,
    };

    public static LanguageArchitecture Architecture { get; } = new("roberta", "RoBERTa")
    {
        Read = EncoderConfig.Read,
        Tasks = tasks.All(),
        States = tasks.States(),
        Names = new() { Body = "roberta" },
        Gguf = new("bert", GgufNames.OfBert(new PassedRows()), GgufFields.OfBert(new PositionsAfterPadField())) { Tokenizer = "gpt2" },
    };

    static EncoderHead Rows(LanguageConfig config, Encoder body, Storage? storage)
    {
        var head = new RobertaClassificationHead(config.HiddenSize, config.Labels.Count, storage);
        return EncoderHead.OfFirst(head.call, ("classifier", head));
    }

    static EncoderHead Words(LanguageConfig config, Encoder body, Storage? storage)
    {
        var transform = new DenseNorm("RobertaLMTransform", new Linear(config.HiddenSize, config.HiddenSize, true, storage),
            ("layer_norm", new LayerNorm(config.HiddenSize, config.NormEps, storage)), "gelu");
        return Bert.Over("roberta", "lm_head", "RobertaLMHead", transform, false, config, body, storage);
    }
}

/// <summary>BERT's body with other positions.</summary>
sealed class RobertaEncoder(EncoderConfig config, bool pools, Storage? storage)
    : BertEncoder("Roberta", config, Shape(config), pools, storage)
{
    // The row of position 0 follows that of the pad.
    const int AbsentPad = 1;

    readonly int pad = PadOf(config);

    static int PadOf(EncoderConfig config) => config.PadId ?? AbsentPad;

    static EmbeddingShape Shape(EncoderConfig config) => new(config.VocabularySize, config.HiddenSize, config.NormEps)
    {
        Pad = PadOf(config), Positions = config.MaxPositions, Types = config.Types,
        FirstPosition = PadOf(config) + 1,
    };

    // Ids are asked, not the mask, as transformers does; a pad has the row before that of position 0.
    protected override Tensor Counted(LanguageInput input)
    {
        if (input.Embeddings is not null) return base.Counted(input);
        using var scope = NewDisposeScope();
        var real = input.Ids.ne(pad).to(ScalarType.Int64);
        return scope.MoveToOuter(real.cumsum(1) * real - 1);
    }
}

/// <summary>out_proj(tanh(dense x)).</summary>
sealed class RobertaClassificationHead : Layer
{
    readonly Linear dense, out_proj;

    public RobertaClassificationHead(int hidden, int labels, Storage? storage) : base("RobertaClassificationHead")
    {
        dense = new Linear(hidden, hidden, true, storage);
        out_proj = new Linear(hidden, labels, true, storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor first) => out_proj.call(dense.call(first).tanh());
}
