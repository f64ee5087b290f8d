using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Pictures to latents as a denoising network sees them, and back; one after the other, whatever the batch.</summary>
/// <param name="vae">The autoencoder; it lies on <paramref name="device"/>.</param>
/// <param name="device">Where it is computed.</param>
/// <param name="tiling">How it works in tiles what is larger than one; null works on the whole.</param>
public sealed class LatentCodec(Autoencoder vae, Device device, VaeTiling? tiling = null)
{
    readonly Autoencoder vae = vae ?? throw new ArgumentNullException(nameof(vae));
    readonly Device device = device ?? throw new ArgumentNullException(nameof(device));

    /// <summary>How it works in tiles; null for the whole.</summary>
    public VaeTiling? Tiling => tiling;

    /// <summary>Channels of a latent.</summary>
    public int LatentChannels => vae.LatentChannels;

    /// <summary>Pixels per latent along an axis.</summary>
    public int Factor => vae.Factor;

    /// <summary>Latents, float32 and scaled as the network sees them, of pictures (B, 3, H, W) in [−1, 1].</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="draw">A normal draw of the latents' shape, which picks them from their distribution.</param>
    /// <exception cref="ShapeException">They are no batch of pictures, or the draw has another shape than their latents.</exception>
    public Tensor Encode(Tensor pictures, Tensor draw)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(draw);
        var (count, _, height, width) = pictures.shape;
        long[] latents = [count, LatentChannels, height / Factor, width / Factor];
        bool isWhole = height % Factor == 0 && width % Factor == 0;
        if (isWhole && !draw.shape.AsSpan().SequenceEqual(latents))
            throw new ShapeException($"pictures of shape {pictures.shape.Text()} become latents of shape {latents.Text()}, and the draw " +
                $"that picks them has the shape {draw.shape.Text()}");
        return Each(pictures, (picture, row) => vae.ToLatents(picture, draw.narrow(0, row, 1), Tiling));
    }

    /// <summary>Pictures (B, 3, H, W), about in [−1, 1], float32, of latents scaled as the network sees them.</summary>
    /// <exception cref="ShapeException">They are no batch of latents of the autoencoder.</exception>
    public Tensor Decode(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        if (latents.dim() != 4 || latents.shape[1] != LatentChannels || latents.numel() == 0)
            throw new ShapeException(
                $"latents of shape {latents.shape.Text()} cannot be decoded: they are (number, {LatentChannels}, height, width)");
        return Each(latents, (latent, _) => vae.ToPictures(latent, Tiling));
    }

    // A row at a time takes the memory of one, and gives each the bits that it would have alone.
    Tensor Each(Tensor rows, Func<Tensor, int, Tensor> turn)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var turned = new List<Tensor>();
        for (int row = 0; row < rows.shape[0]; row++)
        {
            using var rowScope = NewDisposeScope();
            var own = turn(rows.narrow(0, row, 1).to(device), row).to(ScalarType.Float32);
            turned.Add(rowScope.MoveToOuter(own));
        }
        return scope.MoveToOuter(turned.Count == 1 ? turned[0] : cat(turned));
    }
}
