namespace Lowrank.Workbench;

/// <summary>
/// The draws that pick latents from what an autoencoder says of a picture. AUTOMATIC1111 takes them from a generator without a seed, so
/// that no seed repeats its pictures; here they are the picture's seed's own.
/// </summary>
public sealed class EncodingDraws
{
    readonly Func<IReadOnlyList<long>, int, long[], Tensor> draw;

    EncodingDraws(Func<IReadOnlyList<long>, int, long[], Tensor> draw) => this.draw = draw;

    /// <summary>Draws of a source that a caller brings: of the shape (B, C, H, W) that is asked for.</summary>
    public static EncodingDraws From(Func<long[], Tensor> source) => new((_, _, shape) => source(shape));

    /// <summary>Draws of the pictures' seeds, others in each encoding of a picture.</summary>
    public static EncodingDraws OfSeeds { get; } = new((seeds, round, shape) => EncodingNoise.Of(seeds, round, shape[1..], CPU));

    /// <summary>A draw for each picture.</summary>
    /// <param name="seeds">Their seeds.</param>
    /// <param name="round">Which encoding in the making of a picture it is, from 0.</param>
    /// <param name="shape">(B, C, H, W).</param>
    public Tensor Draw(IReadOnlyList<long> seeds, int round, long[] shape) => draw(seeds, round, shape);
}
