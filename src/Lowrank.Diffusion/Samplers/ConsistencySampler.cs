namespace Lowrank.Diffusion;

/// <summary>
/// Latent consistency (Luo et al. 2023, arXiv:2310.04378) as diffusers samples it: every step leaps to the clean estimate, held by the
/// scalings that the network was trained with, and adds fresh noise to come back to the next level.
/// </summary>
/// <param name="timestepScaling">Sharpens the scalings; 10 in training.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
public sealed class ConsistencySampler(double timestepScaling = 10, double noiseScale = 1) : Sampler
{
    // The deviation of data that the scalings suppose.
    const double Deviation = 0.5;

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        double scaled = from.Timestep * timestepScaling, variance = Deviation * Deviation;
        double skip = variance / (scaled * scaled + variance), keep = scaled / Math.Sqrt(scaled * scaled + variance);
        var clean = (context.Denoiser.Predict(x, from).Clean * keep).add_(x, alpha: skip * from.InputScale);
        return to.Sigma == 0 ? to.Alpha * clean : (to.Alpha * clean).add_(context.Noise.Draw(from, to), alpha: to.Sigma * noiseScale);
    }
}
