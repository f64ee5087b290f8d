namespace Lowrank.Graphs;

/// <summary>Where latents are sampled and where they stay, as ComfyUI's samplers hold it at every call of the network.</summary>
/// <param name="mask">1 where noise is added and taken away, (N, C, H, W).</param>
/// <param name="latents">What stays, scaled as the network sees it.</param>
/// <param name="noise">What it is noised with.</param>
/// <param name="rule">What becomes of the mask at a call; null leaves it.</param>
sealed class NoiseMask(Tensor mask, Tensor latents, Tensor noise, Func<Tensor, double, Tensor>? rule)
{
    /// <summary>A mask (M, 1, h, w) at the size of latents (N, C, H, W).</summary>
    public static Tensor Fitted(Tensor mask, Tensor latents)
    {
        using var scope = NewDisposeScope();
        var (rows, channels, height, width) = latents.shape;
        var flat = mask.reshape(-1, 1, mask.shape[^2], mask.shape[^1]).to(latents.device);
        var fitted = LatentSizes.Repeated(LatentSizes.Bilinear(flat, height, width), rows);
        return scope.MoveToOuter(fitted.expand(rows, channels, height, width).clone());
    }

    /// <summary>The clean estimate of x, asked about x inside the mask and about the noised latents outside.</summary>
    /// <param name="x">The sampler's own sample.</param>
    /// <param name="sigma">σ.</param>
    /// <param name="ask">Asks the guided network.</param>
    public NetworkAnswer Ask(Tensor x, double sigma, Func<Tensor, NetworkAnswer> ask)
    {
        using var scope = NewDisposeScope();
        var inside = rule?.Invoke(mask, sigma) ?? mask;
        var outside = 1 - inside;
        var answer = ask(x * inside + (latents + noise * sigma) * outside);
        var guided = scope.MoveToOuter(answer.Guided * inside + latents * outside);
        return new(guided, answer.Negative is { } own ? scope.MoveToOuter(own) : null);
    }
}
