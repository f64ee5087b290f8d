namespace Lowrank.Diffusion;

/// <summary>
/// The sampler of latent consistency models (Luo et al. 2023, arXiv:2310.04378): to the clean estimate, and back up to the next level with
/// nothing but fresh noise. For bases and adapters that were distilled for it, with few steps.
/// </summary>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
public sealed class LcmSampler(double noiseScale = 1) : RatioSampler
{
    /// <summary>
    /// Whether the network is asked and read as AUTOMATIC1111 does it: at the nearest of the 50 timesteps of the distillation, and with the
    /// boundary condition c_skip·y + c_out·clean.
    /// </summary>
    public bool AsksAtDistilledTimesteps { get; init; }

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var clean = AsksAtDistilledTimesteps ? Distilled(step) : step.Clean();
        return step.IsLast ? clean : clean + step.Draw() * (step.To * noiseScale);
    }

    static Tensor Distilled(RatioStep step)
    {
        const double sigmaData = 0.5, timestepScaling = 10;
        double timestep = DistilledTimesteps.Nearest(step.Plan.Table, step.From);
        double scaled = timestep * timestepScaling, sum = scaled * scaled + sigmaData * sigmaData;
        return scaled / Math.Sqrt(sum) * step.CleanTold(timestep) + sigmaData * sigmaData / sum * step.Y;
    }
}
