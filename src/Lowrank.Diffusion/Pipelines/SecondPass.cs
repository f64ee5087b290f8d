namespace Lowrank.Diffusion;

/// <summary>The second pass of a request: the first one's pictures at a larger size, made anew in part.</summary>
/// <param name="options">The request.</param>
/// <param name="hires">What of it is the second pass's.</param>
/// <param name="first">Width and height of the first pass, in pixels.</param>
/// <param name="factor">Pixels per latent along an axis.</param>
/// <param name="device">Where it is computed.</param>
sealed class SecondPass(GenerateOptions options, HiresOptions hires, (int Width, int Height) first, int factor, Device device)
{
    readonly (int Width, int Height) size = hires.SizeOf(first.Width, first.Height, factor);

    /// <summary>The autoencoder for latents that are decoded.</summary>
    public required Func<Tensor, LatentCodec> DecoderOf { get; init; }

    /// <summary>The autoencoder for pictures that are encoded.</summary>
    public required Func<Tensor, LatentCodec> EncoderOf { get; init; }

    /// <summary>What the pass is asked for, over latents of the first one.</summary>
    /// <param name="latents">(B, C, H, W); what the pass begins with is born in the caller's scope.</param>
    public GenerateOptions Over(Tensor latents) => hires.PassOver(options) with
    {
        Width = size.Width, Height = size.Height, Start = new LatentsStart(Enlarged(latents), hires.Strength),
    };

    Tensor Enlarged(Tensor latents)
    {
        int columns = size.Width / factor, rows = size.Height / factor;
        if (hires.EnlargesLatents) return LatentScaling.Resize(latents, rows, columns, hires.Upscaler);
        var upscaler = Upscalers.Named(hires.Upscaler);
        var decoder = DecoderOf(latents);
        var (pictures, channels, _, _) = latents.shape;
        var each = Enumerable.Range(0, (int)pictures).Select(i => PictureTransforms.ToTensor(PictureFitting.Fit(
            PictureTransforms.FromTensor(decoder.Decode(latents[i..(i + 1)])[0], options.Compat.CutsColours),
            size.Width, size.Height, PictureFit.Stretch, upscaler)));
        // Their most likely latents: no draw is needed.
        var larger = stack([.. each]).to(device);
        return EncoderOf(larger).Encode(larger, zeros([pictures, channels, rows, columns], device: device));
    }
}
