namespace Lowrank.Models;

/// <summary>A head over the vocabulary: a transform, the table of tokens (or a table of its own), and a bias that stands beside
/// it.</summary>
sealed class VocabularyHead : Layer
{
    readonly DenseNorm transform;
    readonly Linear? decoder;
    readonly Embedding tokens;
    readonly Parameter bias;

    /// <param name="name">Its published class.</param>
    /// <param name="transform">What comes before the product.</param>
    /// <param name="nests">Whether the transform is a part, <c>transform</c>; else its parts are the head's.</param>
    /// <param name="tokens">The table of tokens.</param>
    /// <param name="decoder">The product with that table, or with another one; null where files know no such layer.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    public VocabularyHead(string name, DenseNorm transform, bool nests, Embedding tokens, Linear? decoder, Storage? storage) : base(name)
    {
        (this.transform, this.tokens, this.decoder) = (transform, tokens, decoder);
        bias = Weights.Parameter(storage, (decoder?.Weight ?? tokens.Weight).Shape[0]);
        register_parameter("bias", bias);
        if (nests)
            register_module("transform", transform);
        else
        {
            register_module("dense", transform.Dense);
            register_module(transform.NormName, transform.Norm);
        }
        if (decoder is not null) register_module("decoder", decoder);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    protected override Tensor Compute(Tensor hidden)
    {
        var x = transform.call(hidden);
        if (decoder is not null) return decoder.call(x) + bias.to(x.dtype);
        return nn.functional.linear(x, tokens.Weight.Dense(x.dtype), bias.to(x.dtype));
    }
}
