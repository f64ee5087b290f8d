namespace Lowrank.Diffusion;

/// <summary>Classifier-free guidance on velocities, brought back to the contrast of the prompt's own.</summary>
/// <remarks>
/// Lin et al. 2023 (arXiv:2305.08891, section 3.4), as ComfyUI's RescaleCFG computes it: whatever the network predicts, its answers are
/// turned into velocities first.
/// </remarks>
public static class RescaledGuidance
{
    /// <summary>The clean estimate after guidance.</summary>
    /// <param name="x">The noisy sample x₀ + σ·ε, (B, C, H, W).</param>
    /// <param name="sigma">σ, above 0.</param>
    /// <param name="positive">The prompt's clean estimate.</param>
    /// <param name="negative">The negative prompt's.</param>
    /// <param name="scale">How strongly the prompt is followed.</param>
    /// <param name="share">Share in which the contrast is brought back, 0 to 1.</param>
    public static Tensor Combine(Tensor x, double sigma, Tensor positive, Tensor negative, double scale, double share)
    {
        using var scope = NewDisposeScope();
        double variance = sigma * sigma + 1, root = Math.Sqrt(variance);
        var shrunk = x / variance;
        var (v, other) = (Velocity(positive), Velocity(negative));
        var guided = other + scale * (v - other);
        var rescaled = guided * (Deviation(v) / Deviation(guided));
        var mixed = share * rescaled + (1 - share) * guided;
        return scope.MoveToOuter(shrunk - mixed * (sigma / root));

        Tensor Velocity(Tensor clean) => (shrunk - clean) * (root / sigma);
    }

    // Unbiased, over everything of one picture.
    static Tensor Deviation(Tensor x) => x.flatten(1).std(1, unbiased: true, keepdim: true).view(-1, 1, 1, 1);
}
