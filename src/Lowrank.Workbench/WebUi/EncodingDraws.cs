namespace Lowrank.Workbench;

/// <summary>
/// The draws that pick latents from what an autoencoder says of a picture. AUTOMATIC1111 takes them from a generator without a seed, so
/// that no seed repeats its pictures; here they are the picture's seed's own.
/// </summary>
public sealed class EncodingDraws
{
    readonly Func<IReadOnlyList<long>, long[], Tensor> draw;
    int made;

    EncodingDraws(Func<IReadOnlyList<long>, long[], Tensor> draw) => this.draw = draw;

    /// <summary>Draws of a source that a caller brings: of the shape (B, C, H, W) that is asked for.</summary>
    public static EncodingDraws From(Func<long[], Tensor> source) => new((_, shape) => source(shape));

    /// <summary>Draws of the pictures' seeds, others in each encoding of a job.</summary>
    public EncodingDraws()
    {
        draw = (seeds, shape) =>
        {
            // Not the seed itself, whose first draw is the noise that is added.
            long[] own = [.. seeds.Select(seed => unchecked(seed + Apart * (made + 1)))];
            using var noise = new GeneratorNoise(own, own.Length, shape[1..], CPU);
            made++;
            return noise.First();
        };
    }

    // 2³² over the golden ratio: neighbouring seeds and encodings stay apart.
    const long Apart = 0x9E3779B9;

    /// <summary>A draw for each picture.</summary>
    /// <param name="seeds">Their seeds.</param>
    /// <param name="shape">(B, C, H, W).</param>
    public Tensor Draw(IReadOnlyList<long> seeds, long[] shape) => draw(seeds, shape);
}
