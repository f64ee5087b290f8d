namespace Lowrank.Diffusion;

/// <summary>What sampling begins with.</summary>
public abstract class LatentStart
{
    /// <summary>Noise alone.</summary>
    public static LatentStart Noise { get; } = new NoiseStart();

    /// <summary>The sample at the plan's first level.</summary>
    /// <param name="plan">The way that is sampled.</param>
    /// <param name="noise">The first normal draw of each picture, (B, C, H, W), float32.</param>
    public abstract Tensor Sample(SamplingPlan plan, Tensor noise);
}
