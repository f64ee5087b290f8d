using static Lowrank.Diffusion.Exponentials;

namespace Lowrank.Diffusion;

/// <summary>DPM++ 2M with CFG++ (Chung et al. 2024, arXiv:2406.08070), as ComfyUI has it.</summary>
public sealed class Dpmpp2mCfgPpSampler : RatioSampler
{
    /// <inheritdoc/>
    public override bool AsksNegative => true;

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var (clean, unguided) = step.Both();
        if (step.IsLast) return clean;
        double h = step.Length;
        var y = clean + Math.Exp(-h) * (step.Y - unguided);
        if (step.History.Count > 0)
        {
            double r = Math.Log(step.FromBefore(1) / step.From) / h;
            y.add_(clean - step.History[0], alpha: -Expm1(-h) / (2 * r));
        }
        step.Keep(unguided, 1);
        return y;
    }
}
