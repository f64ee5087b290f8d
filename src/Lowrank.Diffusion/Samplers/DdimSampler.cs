namespace Lowrank.Diffusion;

/// <summary>DDIM (Song et al. 2020, arXiv:2010.02502). Deterministic at η = 0; at η = 1 as noisy as DDPM.</summary>
/// <param name="eta">Share of fresh noise, 0 to 1.</param>
public sealed class DdimSampler(double eta = 0) : Sampler
{
    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        return context.Denoiser.Predict(x, from).At(context.Steps[i], Prediction.AncestralNoise(from, to, eta), context.Noise);
    }
}
