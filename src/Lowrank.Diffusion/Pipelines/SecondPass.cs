namespace Lowrank.Diffusion;

/// <summary>The second pass of a request: the first one's pictures at a larger size, made anew in part.</summary>
/// <param name="options">The request.</param>
/// <param name="hires">What of it is the second pass's.</param>
/// <param name="first">Width and height of the first pass, in pixels.</param>
/// <param name="codec">The autoencoder.</param>
/// <param name="device">Where it is computed.</param>
sealed class SecondPass(GenerateOptions options, HiresOptions hires, (int Width, int Height) first, LatentCodec codec, Device device)
{
    readonly (int Width, int Height) size = hires.SizeOf(first.Width, first.Height, codec.Config.Factor);

    /// <summary>What the pass is asked for, over latents of the first one.</summary>
    /// <param name="latents">(B, C, H, W); what the pass begins with is born in the caller's scope.</param>
    public GenerateOptions Over(Tensor latents) => hires.PassOver(options) with
    {
        Width = size.Width, Height = size.Height, Start = new LatentsStart(Enlarged(latents), hires.Strength),
    };

    Tensor Enlarged(Tensor latents)
    {
        int columns = size.Width / codec.Config.Factor, rows = size.Height / codec.Config.Factor;
        if (hires.EnlargesLatents) return LatentScaling.Resize(latents, rows, columns, hires.Upscaler);
        var upscaler = Upscalers.Named(hires.Upscaler);
        var (pictures, channels, _, _) = latents.shape;
        var each = Enumerable.Range(0, (int)pictures).Select(i => PictureTransforms.ToTensor(PictureFitting.Fit(
            PictureTransforms.FromTensor(codec.Decode(latents[i..(i + 1)])[0], options.Compat.CutsColours),
            size.Width, size.Height, PictureFit.Stretch, upscaler)));
        // Their most likely latents: no draw is needed.
        return codec.Encode(stack([.. each]).to(device), zeros([pictures, channels, rows, columns], device: device));
    }
}
