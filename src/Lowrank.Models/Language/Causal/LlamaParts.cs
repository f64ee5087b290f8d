namespace Lowrank.Models;

/// <summary>The body that Llama and most after it have, by what differs between them.</summary>
static class LlamaParts
{
    /// <summary>Embeddings, serial layers of RMS norms, attention and a gated feed-forward part, and a final norm.</summary>
    /// <param name="family">What published classes begin with.</param>
    /// <param name="config">The shape.</param>
    /// <param name="attention">How a layer attends, by its number.</param>
    /// <param name="parts">What attention has besides.</param>
    /// <param name="mlpBias">Whether the feed-forward part has biases.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    public static DecoderParts Of(string family, LanguageConfig config, Func<int, AttentionShape> attention, AttentionParts parts,
        bool mlpBias, Storage? storage) => Of(family, config, attention, parts, layer => Mlp(family, config, mlpBias, storage), storage);

    /// <summary>The same with other feed-forward parts.</summary>
    /// <param name="family">What published classes begin with.</param>
    /// <param name="config">The shape.</param>
    /// <param name="attention">How a layer attends, by its number.</param>
    /// <param name="parts">What attention has besides.</param>
    /// <param name="mlp">Makes the feed-forward part of a layer.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    /// <param name="residual">By what branches are multiplied before they are added.</param>
    public static DecoderParts Of(string family, LanguageConfig config, Func<int, AttentionShape> attention, AttentionParts parts,
        Func<int, nn.Module> mlp, Storage? storage, double residual = 1)
    {
        return new(new Embedding(config.VocabularySize, config.HiddenSize, storage),
            [.. Enumerable.Range(0, config.Layers).Select(Layer)], Norm(config, storage), config.Windows);

        Layer<Tensor, Pass> Layer(int number) => new SerialLayer($"{family}DecoderLayer", new(), Norm(config, storage),
            new SelfAttention($"{family}Attention", config.HiddenSize, attention(number), parts, storage), Norm(config, storage),
            mlp(number), residual);
    }

    /// <summary>A gated feed-forward part.</summary>
    public static GatedMlp Mlp(string family, LanguageConfig config, bool bias, Storage? storage) =>
        new($"{family}MLP", config.HiddenSize, config.IntermediateSize, config.Activation, bias, storage);

    /// <summary>A norm of hidden states.</summary>
    public static RmsNorm Norm(LanguageConfig config, Storage? storage) => new(config.HiddenSize, config.NormEps, storage);

    /// <summary>A norm of each head.</summary>
    public static Func<int, Layer> HeadNorm(LanguageConfig config, Storage? storage) =>
        _ => new RmsNorm(config.HeadDim, config.NormEps, storage);
}
