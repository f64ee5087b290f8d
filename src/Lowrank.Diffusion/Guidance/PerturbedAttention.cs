using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>
/// Guidance by perturbed attention: away from what the network says where the coarsest self-attention looks at nothing but its own place.
/// </summary>
/// <remarks>Ahn et al. 2024 (arXiv:2403.17377), as ComfyUI's comfy_extras/nodes_pag.py computes it.</remarks>
public static class PerturbedAttention
{
    /// <summary>Its scale in pictures' texts.</summary>
    public const string Field = "PAG scale";

    /// <summary>Self-attention that answers with its values: attention is the identity.</summary>
    public static SelfAttentionChange Identity { get; } = call => call.Value;

    /// <summary>guided + scale·(positive − perturbed).</summary>
    /// <param name="guided">The clean estimate after guidance, (B, C, H, W).</param>
    /// <param name="positive">The prompt's own clean estimate.</param>
    /// <param name="perturbed">The same of the perturbed network.</param>
    /// <param name="scale">Strength; 0 changes nothing.</param>
    public static Tensor Combine(Tensor guided, Tensor positive, Tensor perturbed, double scale)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(guided + scale * (positive - perturbed));
    }
}
