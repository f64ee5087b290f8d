namespace Lowrank.Diffusion;

/// <summary>
/// Guidance by self-attention: away from what the network says of a picture that is blurred where the coarsest self-attention looks most.
/// </summary>
/// <remarks>Hong et al. 2022 (arXiv:2210.00939), as ComfyUI's comfy_extras/nodes_sag.py computes it.</remarks>
public static class SelfAttentionGuidance
{
    // Attention that a place gets of all, above which it is blurred: more than the mean.
    const double threshold = 1;

    const int blurWidth = 9;

    /// <summary>Whether latents are large enough to be blurred, whose edges are mirrored.</summary>
    public static bool Fits(Tensor latents) => Math.Min(latents.shape[^1], latents.shape[^2]) > blurWidth / 2;

    /// <summary>softmax(q kᵀ / √d) of every head, (B, heads, T, T).</summary>
    /// <param name="query">(B, T, C).</param>
    /// <param name="key">(B, T, C).</param>
    /// <param name="heads">Number of heads; divides C.</param>
    public static Tensor Scores(Tensor query, Tensor key, int heads)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens, channels) = query.shape;
        double scale = 1 / Math.Sqrt((double)channels / heads);
        return scope.MoveToOuter((Split(query).matmul(Split(key).transpose(2, 3)) * scale).softmax(-1));

        Tensor Split(Tensor x) => x.view(batch, tokens, heads, channels / heads).transpose(1, 2);   // (B, H, T, D)
    }

    /// <summary>Clean estimates (B, C, H, W), blurred where attention lies.</summary>
    /// <param name="clean">The negative prompt's clean estimate.</param>
    /// <param name="scores">What the coarsest self-attention looked at for it, (B, heads, T, T).</param>
    /// <param name="sigma">Standard deviation of the blur in latent pixels, 0 to 10; default 2. 0 blurs nothing.</param>
    public static Tensor Degraded(Tensor clean, Tensor scores, double sigma)
    {
        using var scope = NewDisposeScope();
        var (batch, _, height, width) = clean.shape;
        var looked = scores.mean([1]).sum(dim: 1) > threshold;   // (B, T)
        var (rows, columns) = Coarse(height, width, looked.shape[1]);
        var mask = nn.functional.interpolate(looked.to(clean.dtype).view(batch, 1, rows, columns), [height, width]);
        return scope.MoveToOuter(Blurred(clean, sigma) * mask + clean * (1 - mask));
    }

    /// <summary>guided + scale·(degraded − what the network says of it).</summary>
    public static Tensor Combine(Tensor guided, Tensor degraded, Tensor answer, double scale)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(guided + scale * (degraded - answer));
    }

    // The size that halved several times, each time rounded up, has so many places.
    static (long Rows, long Columns) Coarse(long height, long width, long places)
    {
        for (long ratio = 1; ratio <= Math.Max(height, width); ratio *= 2)
        {
            long rows = (height + ratio - 1) / ratio, columns = (width + ratio - 1) / ratio;
            if (rows * columns == places) return (rows, columns);
        }
        throw new ShapeException($"attention over {places} places belongs to no halving of latents of {height} x {width}");
    }

    static Tensor Blurred(Tensor x, double sigma)
    {
        if (sigma == 0) return x;
        var (_, channels, _, _) = x.shape;
        const double half = (blurWidth - 1) * 0.5;
        var line = (-0.5 * (linspace(-half, half, blurWidth, dtype: ScalarType.Float32, device: x.device) / sigma).square()).exp();
        line = (line / line.sum()).to(x.dtype);
        var kernel = line.unsqueeze(1).matmul(line.unsqueeze(0)).expand(channels, 1, blurWidth, blurWidth);
        const long edge = blurWidth / 2;
        var mirrored = nn.functional.pad(x, [edge, edge, edge, edge], PaddingModes.Reflect);
        return nn.functional.conv2d(mirrored, kernel, groups: channels);
    }
}
