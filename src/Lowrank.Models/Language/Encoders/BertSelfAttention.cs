namespace Lowrank.Models;

/// <summary>Attention of tokens to tokens on both sides, up to the projection out.</summary>
sealed class BertSelfAttention : EncoderLayer
{
    readonly AttentionShape shape;
    readonly Linear query, key, value;

    /// <param name="name">Its published class.</param>
    /// <param name="hidden">Width of the hidden states.</param>
    /// <param name="shape">How it attends.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    public BertSelfAttention(string name, int hidden, AttentionShape shape, Storage? storage) : base(name)
    {
        this.shape = shape;
        query = new Linear(hidden, shape.Width, true, storage);
        key = new Linear(hidden, shape.Width, true, storage);
        value = new Linear(hidden, shape.Width, true, storage);
        register_module("query", query);
        register_module("key", key);
        register_module("value", value);
    }

    protected override Tensor Compute(Tensor x, Pass pass, Tensor? table) =>
        HeadAttention.Run(Heads(query.call(x)), Heads(key.call(x)), Heads(value.call(x)), shape, pass);

    Tensor Heads(Tensor projected) => HeadAttention.Split(projected, shape.Heads, shape.HeadDim);
}
