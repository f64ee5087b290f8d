namespace Lowrank.Diffusion;

/// <summary>
/// Trajectory consistency (Zheng et al. 2024, arXiv:2402.19159): steps below the next level, to the share 1 − η of its timestep, and adds
/// fresh noise to come back up to it.
/// </summary>
/// <param name="eta">Their γ, 0 to 1: 0 is DDIM, 1 leaps to the clean estimate.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
public sealed class TcdSampler(double eta = TcdSampler.UsualEta, double noiseScale = 1) : Sampler
{
    /// <summary>The authors' choice.</summary>
    public const double UsualEta = 0.3;

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        var prediction = context.Denoiser.Predict(x, from);
        bool isLast = i == context.Plan.Steps.Count - 1;
        if (isLast || eta == 0) return prediction.At(to);
        var below = Below(to, context.Plan.Table);
        double kept = to.Alpha / below.Alpha;
        double fresh = Math.Sqrt(Math.Max(to.Sigma * to.Sigma - Math.Pow(kept * below.Sigma, 2), 0));
        return prediction.At(below).mul_(kept).add_(context.Noise.Draw(from, to), alpha: fresh * noiseScale);
    }

    NoiseLevel Below(NoiseLevel to, SigmaTable table)
    {
        double timestep = Math.Floor((1 - eta) * to.Timestep), ratio = table.AtTimestep(timestep);
        return to.Alpha == 1 ? NoiseLevel.Exploding(ratio, timestep) : NoiseLevel.PreservingRatio(ratio, timestep);
    }
}
