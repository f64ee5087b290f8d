namespace Lowrank.Models;

/// <summary>The body of BERT and of RoBERTa: embeddings, layers, and a pooler where one was trained.</summary>
class BertEncoder : Encoder
{
    readonly BertPooler? pooler;

    /// <param name="family">What published classes begin with.</param>
    /// <param name="config">The shape.</param>
    /// <param name="embeddings">Its embeddings.</param>
    /// <param name="pools">Whether there is a pooler.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    public BertEncoder(string family, EncoderConfig config, EmbeddingShape embeddings, bool pools, Storage? storage)
        : base($"{family}Model", new($"{family}Embeddings", embeddings, storage), "encoder.layer", Layers(family, config, storage))
    {
        if (!pools) return;
        pooler = new BertPooler($"{family}Pooler", config.HiddenSize, storage);
        register_module("pooler", pooler);
    }

    static EncoderLayer[] Layers(string family, EncoderConfig config, Storage? storage)
    {
        return [.. Enumerable.Range(0, config.Layers).Select(Layer)];

        BertLayer Layer(int number) => new(family, config,
            new BertSelfAttention($"{family}SelfAttention", config.HiddenSize, config.BothSides(number), storage), storage);
    }

    public override Tensor Pooled(Tensor hidden) => pooler is null ? base.Pooled(hidden) : pooler.call(hidden);
}

/// <summary>tanh(dense x) of the first token.</summary>
sealed class BertPooler : Layer
{
    readonly Linear dense;

    public BertPooler(string name, int hidden, Storage? storage) : base(name)
    {
        dense = new Linear(hidden, hidden, true, storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor hidden) => dense.call(hidden.select(1, 0)).tanh();
}
