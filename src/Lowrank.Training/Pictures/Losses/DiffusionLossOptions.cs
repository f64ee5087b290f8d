namespace Lowrank.Training;

/// <summary>What a diffusion loss is made of, beyond the network's answer. The defaults are the plain mean squared error.</summary>
public sealed record DiffusionLossOptions
{
    /// <summary>Distance of an entry from its target.</summary>
    public ElementLoss Element { get; init; } = ElementLoss.L2;

    /// <summary>How the Huber threshold falls.</summary>
    public HuberSchedule HuberSchedule { get; init; } = HuberSchedule.Snr;

    /// <summary>The Huber threshold, above 0.</summary>
    public double HuberC { get; init; } = 0.1;

    /// <summary>Multiplies the threshold.</summary>
    public double HuberScale { get; init; } = 1;

    /// <summary>γ of min-SNR; null leaves it out.</summary>
    public double? MinSnrGamma { get; init; }

    /// <summary>Whether a v loss is weighted as the noise loss would be.</summary>
    public bool ScaleVelocityLikeNoise { get; init; }

    /// <summary>k of loss + k·loss/(SNR/(SNR+1)), which gives a noise loss some of v's weight; null leaves it out.</summary>
    public double? VelocityLikeLoss { get; init; }

    /// <summary>Whether debiased estimation weighs.</summary>
    public bool DebiasedEstimation { get; init; }
}
