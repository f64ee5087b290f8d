using static Lowrank.Diffusion.Exponentials;

namespace Lowrank.Diffusion;

/// <summary>
/// RES multistep (Zhang et al. 2023, arXiv:2308.02157): an exponential integrator of second order over the last two clean estimates, as
/// ComfyUI has it, plain or ancestral.
/// </summary>
/// <param name="eta">Share of fresh noise; 0 for none, 1 ancestral.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
/// <param name="cfgPp">With CFG++ (Chung et al. 2024, arXiv:2406.08070).</param>
public sealed class ResMultistepSampler(double eta = 0, double noiseScale = 1, bool cfgPp = false) : RatioSampler
{
    /// <inheritdoc/>
    public override bool AsksNegative => cfgPp;

    /// <summary>Whether noise is drawn where none is added too, as in ComfyUI.</summary>
    public bool DrawsAlways { get; init; }

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var (clean, unguided) = cfgPp ? step.Both() : (step.Clean(), null!);
        var counted = cfgPp ? unguided : clean;
        var (down, up) = AncestralSplit.Of(step.From, step.To, eta);
        var y = down == 0 || step.History.Count == 0
            ? clean + step.Direction(counted) * down
            : SecondOrder(step, cfgPp ? step.Y + (clean - unguided) : step.Y, counted, down);
        step.Keep(counted, 1);
        return up > 0 || (DrawsAlways && !step.IsLast) ? y.add_(step.Draw(), alpha: up * noiseScale) : y;
    }

    Tensor SecondOrder(RatioStep step, Tensor y, Tensor clean, double down)
    {
        double h = Math.Log(step.From / down);
        double downBefore = AncestralSplit.Of(step.FromBefore(1), step.ToBefore(1), eta).Down;
        double c = Math.Log(downBefore / step.FromBefore(1)) / h;
        double share = Phi2(-h) / c;
        return Math.Exp(-h) * y + h * ((Phi1(-h) - share) * clean + share * step.History[0]);
    }
}
