namespace Lowrank.Diffusion;

/// <summary>Guidance that takes of the negative prompt only what stands at a right angle to the prompt.</summary>
/// <remarks>Armandpour et al. 2023 (arXiv:2304.04968), as ComfyUI's comfy_extras/nodes_perpneg.py computes it.</remarks>
public static class PerpendicularNegative
{
    /// <summary>empty + scale·(p − negativeScale·(q − (q·p/|p|²) p)), with p = positive − empty and q = negative − empty.</summary>
    /// <remarks>The products go over all pictures of a batch together, as they do in ComfyUI.</remarks>
    /// <param name="positive">The prompt's clean estimate, (B, C, H, W).</param>
    /// <param name="negative">The negative prompt's.</param>
    /// <param name="empty">The empty prompt's.</param>
    /// <param name="scale">How strongly the prompt is followed.</param>
    /// <param name="negativeScale">How strongly the negative prompt is left.</param>
    public static Tensor Combine(Tensor positive, Tensor negative, Tensor empty, double scale, double negativeScale)
    {
        using var scope = NewDisposeScope();
        var (p, q) = (positive - empty, negative - empty);
        var across = q - q.mul(p).sum() / p.square().sum() * p;
        return scope.MoveToOuter(empty + scale * (p - negativeScale * across));
    }
}
