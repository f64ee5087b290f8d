using static Lowrank.Diffusion.Exponentials;

namespace Lowrank.Diffusion;

/// <summary>
/// SEEDS-2 (Gonzalez et al. 2023, arXiv:2305.14267): a stochastic exponential solver in two stages, whose noise is drawn for each part of
/// the step.
/// </summary>
/// <param name="eta">Share of fresh noise; 0 for none.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
/// <param name="r">Where the first stage ends, as a share of the step in ln σ; above 0, up to 1.</param>
public sealed class Seeds2Sampler(double eta = 1, double noiseScale = 1, double r = 0.5) : RatioSampler
{
    /// <summary>
    /// Whether the second stage takes the estimates' change in full (φ₂), rather than the estimate at r in place of both.
    /// </summary>
    public bool SecondPhi { get; init; }

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var clean = step.Clean();
        if (step.IsLast) return clean;
        var noise = new SeedsNoise(step, eta, noiseScale);
        double middle = noise.At(r), stretched = step.Length * (1 + eta);

        var trial = noise.AddTo(noise.Kept(r) * step.Y - Expm1(-r * stretched) * clean, r);
        var second = step.CleanAt(trial, middle);
        double whole = -Expm1(-stretched), share = SecondPhi ? (1 - Phi1(-stretched)) / r : whole / (2 * r);
        return noise.AddTo(noise.Kept(1) * step.Y + (whole - share) * clean + share * second, 1);
    }
}
