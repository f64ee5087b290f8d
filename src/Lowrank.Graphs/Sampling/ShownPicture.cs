namespace Lowrank.Graphs;

/// <summary>What an inpainting network of nine channels is shown besides the sample: a mask, and the latents of a masked picture.</summary>
/// <remarks>After ComfyUI's comfy/model_base.py (a125cd8), concat_cond. The mask is rounded, a half to the even number.</remarks>
/// <param name="config">The network's shape.</param>
/// <param name="latents">What is sampled from, scaled as the network sees it, (N, C, H, W).</param>
/// <param name="mask">The noise mask at the latents' size, (N, C, H, W); null without.</param>
/// <param name="scale">The autoencoder's scaling factor.</param>
sealed class ShownPicture(UNetConfig config, Tensor latents, Tensor? mask, double scale)
{
    // A grey picture's latents of Stable Diffusion's autoencoder, scaled (comfy/model_base.py, blank_inpaint_image_like).
    static readonly float[] blank = [0.8223f, -0.6876f, 0.6364f, 0.1380f];

    /// <summary>Mask and latents, (N, 1 + C, H, W), as a condition tells them; null of networks that are shown none.</summary>
    public Tensor? Of(Condition condition)
    {
        var (rows, channels, height, width) = latents.shape;
        if (config.InChannels != 2 * channels + 1) return null;
        using var scope = NewDisposeScope();
        var given = condition.ShownMask ?? mask;
        if (given is null)
        {
            var grey = tensor(blank, device: latents.device).view(1, 4, 1, 1);
            var all = ones([rows, 1, height, width], dtype: latents.dtype, device: latents.device);
            return scope.MoveToOuter(cat([all, grey.expand(rows, channels, height, width)], 1));
        }
        var picture = condition.ShownLatents is { } own ? own.to(latents.device) * scale : latents;
        picture = LatentSizes.Stretched(LatentSizes.BilinearOfMiddle(picture, height, width), rows);
        var flat = given.dim() == 4 ? given.narrow(1, 0, 1) : given.unsqueeze(1);
        var whole = LatentSizes.BilinearOfMiddle(flat.to(latents.device), height, width).round();
        return scope.MoveToOuter(cat([LatentSizes.Stretched(whole, rows), picture], 1));
    }
}
