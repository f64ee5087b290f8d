namespace Lowrank.Graphs;

/// <summary>An autoencoder; its loader's place in the cache owns it.</summary>
/// <param name="Vae">The autoencoder, whose latents are unscaled.</param>
/// <param name="Device">Where it lies.</param>
public sealed record VaeValue(Lazy<AutoencoderKL> Vae, Device Device) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Vae;

    /// <summary>Latents (N, C, h, w) of pictures (N, H, W, 3) in 0 to 1: the mean, nothing is drawn.</summary>
    /// <remarks>Sides that are no multiple of the autoencoder's factor are cropped in the middle before.</remarks>
    /// <param name="pixels">The pictures.</param>
    /// <param name="tiles">Tiles to work in; null works on the whole.</param>
    public Tensor Encode(Tensor pixels, VaeTiles? tiles = null)
    {
        using var scope = NewDisposeScope();
        var (_, height, width, _) = pixels.shape;
        int factor = Vae.Value.Config.Factor;
        var whole = Middle(Middle(pixels.narrow(3, 0, 3), 1, height, factor), 2, width, factor);
        var images = whole.permute(0, 3, 1, 2) * 2 - 1;
        var latents = tiles is null ? Means(images.to(Device)) : tiles.Run(images.to(Device), 1.0 / factor, Means);
        return scope.MoveToOuter(latents.to(ScalarType.Float32).cpu());
    }

    /// <summary>Pictures (N, H, W, 3) in 0 to 1 of latents (N, C, h, w).</summary>
    /// <param name="latents">The latents.</param>
    /// <param name="tiles">Tiles to work in; null works on the whole.</param>
    public Tensor Decode(Tensor latents, VaeTiles? tiles = null)
    {
        using var scope = NewDisposeScope();
        var given = latents.to(Device);
        var images = tiles is null ? Vae.Value.Decode(given) : tiles.Run(given, Vae.Value.Config.Factor, whole => Vae.Value.Decode(whole));
        if (!images.isfinite().all().ToBoolean())
            throw new SpoiltPictureException("the autoencoder's answer is NaN or infinite, and no picture. Are its latents finite?");
        return scope.MoveToOuter(((images.to(ScalarType.Float32).cpu() + 1) / 2).clamp(0, 1).permute(0, 2, 3, 1).contiguous());
    }

    Tensor Means(Tensor images) => Vae.Value.Encode(images).Mean;

    static Tensor Middle(Tensor pixels, int axis, long size, int factor) =>
        pixels.narrow(axis, size % factor / 2, size / factor * factor);
}
