using static Lowrank.Diffusion.Exponentials;

namespace Lowrank.Diffusion;

/// <summary>SEEDS-3 (Gonzalez et al. 2023, arXiv:2305.14267): the same in three stages.</summary>
/// <param name="eta">Share of fresh noise; 0 for none.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
/// <param name="r1">Where the first stage ends, as a share of the step in ln σ.</param>
/// <param name="r2">Where the second ends; above <paramref name="r1"/>, below 1.</param>
public sealed class Seeds3Sampler(double eta = 1, double noiseScale = 1, double r1 = 1.0 / 3, double r2 = 2.0 / 3) : RatioSampler
{
    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var clean = step.Clean();
        if (step.IsLast) return clean;
        var noise = new SeedsNoise(step, eta, noiseScale);
        double stretched = step.Length * (1 + eta);

        var trial = noise.AddTo(noise.Kept(r1) * step.Y - Expm1(-r1 * stretched) * clean, r1);
        var second = step.CleanAt(trial, noise.At(r1));
        trial = noise.AddTo(noise.Kept(r2) * step.Y + Mixed(r2, clean, second, r2 / r1), r2);
        var third = step.CleanAt(trial, noise.At(r2));
        return noise.AddTo(noise.Kept(1) * step.Y + Mixed(1, clean, third, 1 / r2), 1);

        // Two estimates over a share of the step, the second with what their change brings.
        Tensor Mixed(double share, Tensor one, Tensor other, double factor)
        {
            double whole = -Expm1(-share * stretched), change = factor * (1 - Phi1(-share * stretched));
            return (whole - change) * one + change * other;
        }
    }
}
