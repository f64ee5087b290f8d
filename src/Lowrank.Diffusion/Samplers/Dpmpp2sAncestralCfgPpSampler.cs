using static Lowrank.Diffusion.Exponentials;

namespace Lowrank.Diffusion;

/// <summary>DPM++ 2S a with CFG++ (Chung et al. 2024, arXiv:2406.08070), as ComfyUI has it.</summary>
/// <param name="eta">Share of fresh noise; 0 for none, 1 the whole.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
public sealed class Dpmpp2sAncestralCfgPpSampler(double eta = 1, double noiseScale = 1) : RatioSampler
{
    /// <inheritdoc/>
    public override bool AsksNegative => true;

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var (clean, unguided) = step.Both();
        var (down, up) = AncestralSplit.Of(step.From, step.To, eta);
        if (down == 0) return clean;
        double h = Math.Log(step.From / down), middle = Math.Sqrt(step.From * down);
        var trial = middle / step.From * (step.Y + clean - unguided) - Expm1(-h / 2) * clean;
        var (second, secondUnguided) = step.BothAt(trial, middle);
        // The first clean estimate beside the second one of the negative prompt: so it is in ComfyUI.
        var y = down / step.From * (step.Y + clean - secondUnguided) - Expm1(-h) * second;
        return up > 0 ? y.add_(step.Draw(), alpha: up * noiseScale) : y;
    }
}
