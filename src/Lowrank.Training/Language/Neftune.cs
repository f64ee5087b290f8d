namespace Lowrank.Training;

/// <summary>Noise on tokens' vectors in training, which keeps a model from learning texts by heart.</summary>
/// <remarks>Jain et al. 2023, arXiv 2310.05914, as transformers does it: the row's length counts its pads.</remarks>
public static class Neftune
{
    /// <summary>Vectors with noise of the size α / √(T·C).</summary>
    /// <param name="vectors">Of tokens, (B, T, C).</param>
    /// <param name="alpha">α, above 0; 5 to 15 are usual.</param>
    /// <param name="uniform">(B, T, C), drawn evenly from −1 to 1.</param>
    public static Tensor Add(Tensor vectors, double alpha, Tensor uniform)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(uniform);
        var (_, tokens, channels) = vectors.shape;
        return vectors + (uniform * (alpha / Math.Sqrt(tokens * channels))).to(vectors.dtype);
    }

    /// <summary>The same with noise that is drawn.</summary>
    internal static Tensor Add(Tensor vectors, double alpha, Generator generator)
    {
        var drawn = rand(vectors.shape, device: CPU, generator: generator).to(vectors.device);
        return Add(vectors, alpha, drawn * 2 - 1);
    }
}
