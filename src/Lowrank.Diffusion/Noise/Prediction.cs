namespace Lowrank.Diffusion;

/// <summary>What the network's answer says about a sample x = α·x₀ + σ·ε.</summary>
/// <param name="Clean">Its estimate of x₀.</param>
/// <param name="Noise">Its estimate of ε.</param>
public readonly record struct Prediction(Tensor Clean, Tensor Noise)
{
    /// <summary>The sample at another level: α·x₀ + σ·ε. Euler's step of the probability flow and DDIM's are both this.</summary>
    public Tensor At(NoiseLevel to)
    {
        var x = to.Alpha * Clean;
        return to.Sigma == 0 ? x : x.add_(Noise, alpha: to.Sigma);
    }

    /// <summary>The sample at another level with a part of its noise fresh: α·x₀ + k·ε + u·N, where k² + u² = σ².</summary>
    /// <remarks>Song et al. 2020 (DDIM, arXiv:2010.02502), equation 12.</remarks>
    /// <param name="step">Leads to the level.</param>
    /// <param name="fresh">u, from 0 to σ.</param>
    /// <param name="noise">Drawn from only when u is not 0.</param>
    public Tensor At(SamplingStep step, double fresh, INoise noise)
    {
        var (from, to) = step;
        var x = At(to with { Sigma = Math.Sqrt(Math.Max(to.Sigma * to.Sigma - fresh * fresh, 0)) });
        return fresh > 0 ? x.add_(noise.Draw(from, to), alpha: fresh) : x;
    }

    /// <summary>The fresh noise of an ancestral step: η·σ'·√(1 − (s'/s)²) with s = σ/α, at most σ'. DDIM's η is the same number.</summary>
    public static double AncestralNoise(NoiseLevel from, NoiseLevel to, double eta)
    {
        double ratio = to.Ratio / from.Ratio;
        return Math.Min(to.Sigma, eta * to.Sigma * Math.Sqrt(Math.Max(1 - ratio * ratio, 0)));
    }
}
