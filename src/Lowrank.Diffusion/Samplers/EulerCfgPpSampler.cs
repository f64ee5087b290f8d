namespace Lowrank.Diffusion;

/// <summary>Euler and Euler ancestral with CFG++ (Chung et al. 2024, arXiv:2406.08070), as ComfyUI has them.</summary>
/// <param name="eta">Share of fresh noise; 0 is Euler, 1 ancestral.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
public sealed class EulerCfgPpSampler(double eta = 0, double noiseScale = 1) : RatioSampler
{
    /// <inheritdoc/>
    public override bool AsksNegative => true;

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var (clean, unguided) = step.Both();
        if (step.IsLast) return clean;
        var (down, up) = AncestralSplit.Of(step.From, step.To, eta);
        var y = clean + step.Direction(unguided) * down;
        return up > 0 ? y.add_(step.Draw(), alpha: up * noiseScale) : y;
    }
}
