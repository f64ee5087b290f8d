namespace Lowrank.Diffusion;

/// <summary>DDPM's own ancestral sampling (Ho et al. 2020, arXiv:2006.11239, equation 7).</summary>
/// <param name="largeVariance">Adds β of the step rather than the posterior's variance.</param>
public sealed class DdpmSampler(bool largeVariance = false) : Sampler
{
    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        var clean = context.Denoiser.Predict(x, from).Clean;
        // The mean is stated in x and x₀: the noise is what is left of x, also after x₀ was clamped.
        var prediction = new Prediction(clean, (x - from.Alpha * clean) / from.Sigma);
        double posterior = Prediction.AncestralNoise(from, to, 1);
        var mean = prediction.At(to with { Sigma = Math.Sqrt(Math.Max(to.Sigma * to.Sigma - posterior * posterior, 0)) });
        double forward = Math.Sqrt(from.Sigma * from.Sigma - Math.Pow(from.Alpha / to.Alpha * to.Sigma, 2));
        double fresh = largeVariance ? forward : posterior;
        return from.Timestep <= 0 || fresh == 0 ? mean : mean.add_(context.Noise.Draw(from, to), alpha: fresh);
    }
}
