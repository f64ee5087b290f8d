namespace Lowrank.Diffusion;

/// <summary>How much signal and noise a sample holds: x = α·x₀ + σ·ε.</summary>
/// <remarks>
/// One form for both worlds of the field. k-diffusion adds noise to an unscaled sample (α = 1, σ up to 14.6); DDIM and DPM-Solver keep the
/// variance (α = √ᾱ, σ = √(1−ᾱ)). A sampler written in α and σ is right in both.
/// </remarks>
/// <param name="Alpha">Factor of the clean sample.</param>
/// <param name="Sigma">Factor of the noise; 0 is a clean sample.</param>
/// <param name="Timestep">What the network is told, 0 to 999; may lie between two levels.</param>
public readonly record struct NoiseLevel(double Alpha, double Sigma, double Timestep)
{
    /// <summary>σ/α: k-diffusion's sigma. Infinite where no signal is left.</summary>
    public double Ratio => Sigma / Alpha;

    /// <summary>λ = ln(α/σ), half the logarithm of the signal-to-noise ratio.</summary>
    public double LogSnr => Math.Log(Alpha / Sigma);

    /// <summary>1/√(α²+σ²): brings a sample to the variance that the network was trained on.</summary>
    public double InputScale => 1 / Math.Sqrt(Alpha * Alpha + Sigma * Sigma);

    /// <summary>Noise added to an unscaled sample.</summary>
    public static NoiseLevel Exploding(double sigma, double timestep) => new(1, sigma, timestep);

    /// <summary>Signal and noise that keep the variance, from ᾱ.</summary>
    public static NoiseLevel Preserving(double alphaBar, double timestep) => new(Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar), timestep);

    /// <summary>Signal and noise that keep the variance, from σ/α.</summary>
    public static NoiseLevel PreservingRatio(double ratio, double timestep)
    {
        double alpha = 1 / Math.Sqrt(ratio * ratio + 1);
        return new(alpha, ratio * alpha, timestep);
    }
}
