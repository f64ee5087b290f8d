namespace Lowrank.Models;

/// <summary>Turns pictures into latents as a denoising network sees them, and back: of the full kind, or a small one.</summary>
/// <param name="name">The class's name, as errors say it.</param>
public abstract class Autoencoder(string name) : nn.Module(name)
{
    /// <summary>Channels of a latent.</summary>
    public abstract int LatentChannels { get; }

    /// <summary>Pixels per latent along an axis: 8 for Stable Diffusion.</summary>
    public abstract int Factor { get; }

    /// <summary>Height and width in pixels for which it was made, which are those of a tile where nobody says.</summary>
    public abstract int SampleSize { get; }

    /// <summary>Whether it has an encoder; a small one may be a decoder alone.</summary>
    public virtual bool Encodes => true;

    /// <summary>Bytes that decoding a picture whole takes beside the weights, estimated from shapes.</summary>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    public abstract long DecodingBytes(int width, int height);

    /// <summary>
    /// Latents (B, latent channels, H/f, W/f), scaled as the network sees them, of pictures (B, C, H, W) in [-1, 1]; both on the
    /// autoencoder's device, computed in bfloat16 where its weights are, else in float32.
    /// </summary>
    /// <param name="pictures">The pictures; H and W should be multiples of the factor.</param>
    /// <param name="draw">A normal draw of the latents' shape, which picks them where they are a distribution.</param>
    /// <param name="tiling">How to work in tiles what is larger than one; null works on the whole.</param>
    /// <exception cref="LowrankException">It has no encoder.</exception>
    public abstract Tensor ToLatents(Tensor pictures, Tensor draw, VaeTiling? tiling = null);

    /// <summary>Pictures (B, C, H·f, W·f), about in [-1, 1], of latents (B, latent channels, H, W) as <see cref="ToLatents"/> gives
    /// them.</summary>
    /// <param name="latents">The latents.</param>
    /// <param name="tiling">How to work in tiles what is larger than one; null works on the whole.</param>
    public abstract Tensor ToPictures(Tensor latents, VaeTiling? tiling = null);

    /// <summary>In which dtype it computes, by that of its weights.</summary>
    // bfloat16 has float32's range. float16 has not, overflows in XL's autoencoder, and is slow on a CPU.
    private protected ScalarType Computed =>
        parameters().First().dtype == ScalarType.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
}
