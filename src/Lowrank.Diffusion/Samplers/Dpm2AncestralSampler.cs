namespace Lowrank.Diffusion;

/// <summary>DPM2 that steps below the next level and adds fresh noise (k-diffusion's sample_dpm_2_ancestral).</summary>
/// <param name="eta">Share of fresh noise; 0 is DPM2, 1 the whole.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
public sealed class Dpm2AncestralSampler(double eta = 1, double noiseScale = 1) : RatioSampler
{
    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var clean = step.Clean();
        var (down, up) = AncestralSplit.Of(step.From, step.To, eta);
        if (down == 0) return clean;
        double middle = Math.Sqrt(step.From * down);
        var trial = step.Y + step.Direction(clean) * (middle - step.From);
        var y = step.Y + (trial - step.CleanAt(trial, middle)) * ((down - step.From) / middle);
        return up > 0 ? y.add_(step.Draw(), alpha: up * noiseScale) : y;
    }
}
