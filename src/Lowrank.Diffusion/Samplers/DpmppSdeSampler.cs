using static Lowrank.Diffusion.Exponentials;

namespace Lowrank.Diffusion;

/// <summary>DPM++ SDE: two ancestral stages a step, each with noise of its own (k-diffusion's sample_dpmpp_sde).</summary>
/// <remarks>The first stage's noise belongs to a part of the second's stretch: a Brownian tree's draws are meant for that.</remarks>
/// <param name="eta">Share of fresh noise; 0 for none, 1 the whole.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
/// <param name="r">Where the first stage ends, as a share of the step in ln σ; above 0, up to 1.</param>
public sealed class DpmppSdeSampler(double eta = 1, double noiseScale = 1, double r = 0.5) : RatioSampler
{
    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var clean = step.Clean();
        if (step.IsLast) return clean;
        // In float32, as peers take it: a Brownian motion between two times differs where one of them is rounded otherwise.
        float begin = -MathF.Log((float)step.From), length = -MathF.Log((float)step.To) - begin;
        double middle = MathF.Exp(-(begin + length * (float)r));
        var second = step.CleanAt(Stage(step, clean, middle), middle);
        double share = 1 / (2 * r);
        return Stage(step, (1 - share) * clean + share * second, step.To);
    }

    Tensor Stage(RatioStep step, Tensor clean, double to)
    {
        var (down, up) = AncestralSplit.Of(step.From, to, eta);
        var y = down / step.From * step.Y - Expm1(-Math.Log(step.From / down)) * clean;
        return up > 0 ? y.add_(step.Draw(step.From, to), alpha: up * noiseScale) : y;
    }
}
