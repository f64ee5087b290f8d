namespace Lowrank.Diffusion;

/// <summary>The draws that pick latents from what an autoencoder says of a picture: by the picture's seed, apart from its noise.</summary>
public static class EncodingNoise
{
    // 2³² over the golden ratio: the draws stay apart from the noise, which is the seed's own first draw, and from those of neighbouring
    // seeds and other rounds.
    const long Apart = 0x9E3779B9;

    /// <summary>A draw for each picture, which does not depend on the pictures beside it: (B, C, H, W).</summary>
    /// <param name="seeds">Their seeds.</param>
    /// <param name="round">Which encoding in the making of a picture it is, from 0.</param>
    /// <param name="imageShape">Shape of one picture's latents (C, H, W).</param>
    /// <param name="device">Where it goes.</param>
    public static Tensor Of(IReadOnlyList<long> seeds, int round, long[] imageShape, Device device)
    {
        long[] own = [.. seeds.Select(seed => unchecked(seed + Apart * (round + 1)))];
        using var noise = new GeneratorNoise(own, own.Length, imageShape, device);
        return noise.First();
    }
}
