using static Lowrank.Diffusion.Exponentials;

namespace Lowrank.Diffusion;

/// <summary>DPM++ 2S a: DPM-Solver++ of second order in single steps, ancestral (k-diffusion's sample_dpmpp_2s_ancestral).</summary>
/// <remarks>Lu et al. 2022, arXiv:2211.01095, algorithm 1.</remarks>
/// <param name="eta">Share of fresh noise; 0 for none, 1 the whole.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
public sealed class Dpmpp2sAncestralSampler(double eta = 1, double noiseScale = 1) : RatioSampler
{
    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var clean = step.Clean();
        var (down, up) = AncestralSplit.Of(step.From, step.To, eta);
        var y = down == 0 ? clean : SecondOrder(step, clean, down);
        return up > 0 ? y + step.Draw() * (up * noiseScale) : y;
    }

    static Tensor SecondOrder(RatioStep step, Tensor clean, double down)
    {
        double h = Math.Log(step.From / down), middle = Math.Sqrt(step.From * down);
        var trial = middle / step.From * step.Y - Expm1(-h / 2) * clean;
        return down / step.From * step.Y - Expm1(-h) * step.CleanAt(trial, middle);
    }
}
