namespace Lowrank.Diffusion;

/// <summary>The second pass of a request: the first one's pictures at a larger size, made anew in part.</summary>
/// <param name="options">The request.</param>
/// <param name="hires">What of it is the second pass's.</param>
/// <param name="first">Width and height of the first pass, in pixels.</param>
/// <param name="codec">The autoencoder.</param>
/// <param name="device">Where it is computed.</param>
sealed class SecondPass(GenerateOptions options, HiresOptions hires, (int Width, int Height) first, LatentCodec codec, Device device)
{
    readonly long columns = (long)(first.Width * hires.Scale) / codec.Config.Factor;
    readonly long rows = (long)(first.Height * hires.Scale) / codec.Config.Factor;

    /// <summary>What the pass is asked for, over latents of the first one.</summary>
    /// <param name="latents">(B, C, H, W); what the pass begins with is born in the caller's scope.</param>
    public GenerateOptions Over(Tensor latents) => Sampled(options, hires) with
    {
        Width = Width,
        Height = Height,
        Steps = hires.Steps ?? options.Steps,
        Prompts = hires.Prompt is { } prompt ? [.. options.Prompts.Select(_ => prompt)] : options.Prompts,
        StrengthRule = StrengthRule.Exact,
        Start = new LatentsStart(Enlarged(latents), hires.Strength),
    };

    /// <summary>The request with the sampler and the schedule of its second pass, and without that pass.</summary>
    public static GenerateOptions Sampled(GenerateOptions options, HiresOptions hires) => options with
    {
        Sampler = hires.Sampler ?? options.Sampler,
        Schedule = hires.Schedule ?? options.Schedule,
        Hires = null,
    };

    int Width => (int)columns * codec.Config.Factor;

    int Height => (int)rows * codec.Config.Factor;

    Tensor Enlarged(Tensor latents)
    {
        if (hires.EnlargesLatents) return LatentScaling.Resize(latents, rows, columns, hires.Upscaler);
        var upscaler = Upscalers.Named(hires.Upscaler);
        var (pictures, channels, _, _) = latents.shape;
        var each = Enumerable.Range(0, (int)pictures).Select(i => PictureTransforms.ToTensor(PictureFitting.Fit(
            PictureTransforms.FromTensor(codec.Decode(latents[i..(i + 1)])[0], options.Compat.CutsColours),
            Width, Height, PictureFit.Stretch, upscaler)));
        // Their most likely latents: no draw is needed.
        return codec.Encode(stack([.. each]).to(device), zeros([pictures, channels, rows, columns], device: device));
    }
}
