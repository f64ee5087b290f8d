namespace Lowrank.Training;

/// <summary>Weights of samples by their signal-to-noise ratio SNR = ᾱ/(1−ᾱ).</summary>
public static class SnrWeights
{
    // Where sd-scripts caps the ratio: in every weight but min-SNR.
    const double Cap = 1000;

    /// <summary>SNR of each timestep, (B) float32.</summary>
    public static Tensor Snr(NoiseSchedule noise, Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        // In the order of sd-scripts: (√ᾱ / √(1−ᾱ))², rounded after each operation.
        var alphaBar = noise.AlphasCumprod.index_select(0, timesteps.to(ScalarType.Int64));
        return scope.MoveToOuter((alphaBar.sqrt() / (1 - alphaBar).sqrt()).square());
    }

    /// <summary>min(SNR, γ)/SNR for noise, min(SNR, γ)/(SNR+1) for v (Hang et al. 2023, arXiv:2303.09556).</summary>
    /// <param name="snr">(B). With SNR 0 the form for noise is 0/0.</param>
    /// <param name="gamma">γ, above 0; 5 is usual.</param>
    /// <param name="velocity">Whether the network predicts v.</param>
    public static Tensor MinSnr(Tensor snr, double gamma, bool velocity)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(snr.clamp_max(gamma) / (velocity ? snr + 1 : snr));
    }

    /// <summary>SNR/(SNR+1): a v loss weighted as the noise loss would be.</summary>
    public static Tensor NoiseLike(Tensor snr)
    {
        using var scope = NewDisposeScope();
        var capped = snr.clamp_max(Cap);
        return scope.MoveToOuter(capped / (capped + 1));
    }

    /// <summary>1/√SNR for noise, 1/(SNR+1) for v: debiased estimation (Yu et al. 2023, arXiv:2310.08442).</summary>
    public static Tensor Debiased(Tensor snr, bool velocity)
    {
        using var scope = NewDisposeScope();
        var capped = snr.clamp_max(Cap);
        return scope.MoveToOuter(velocity ? 1 / (capped + 1) : capped.rsqrt());
    }
}
