namespace Lowrank.Training;

/// <summary>Losses and noise of a recipe that teaches to denoise.</summary>
public sealed partial record DenoisingSection
{
    /// <summary>What a network may predict; null means as its scheduler says.</summary>
    public static Words<PredictionType?> Predictions { get; } = new(
        ("auto", null, "as the model says"), ("epsilon", PredictionType.Epsilon, null), ("v_prediction", PredictionType.Velocity, null));

    /// <summary>Distances of an answer from its target.</summary>
    public static Words<ElementLoss> Losses { get; } = new(
        ("l2", ElementLoss.L2, null), ("l1", ElementLoss.L1, null),
        ("huber", ElementLoss.Huber, null), ("smooth_l1", ElementLoss.SmoothL1, null));

    /// <summary>How the Huber threshold may fall with the noise.</summary>
    public static Words<HuberSchedule> HuberSchedules { get; } = new(
        ("snr", Training.HuberSchedule.Snr, null), ("exponential", Training.HuberSchedule.Exponential, null),
        ("constant", Training.HuberSchedule.Constant, null));

    /// <summary>γ of min-SNR weighting; 0 weighs all timesteps alike.</summary>
    public double MinSnrGamma { get; init; } = 5;

    /// <summary>Size of the noise offset; 0 leaves it out.</summary>
    public double NoiseOffset { get; init; }

    /// <summary>Distance of an answer from its target: a word of <see cref="Losses"/>.</summary>
    public string Loss { get; init; } = "l2";

    /// <summary>How the Huber threshold falls with the noise: a word of <see cref="HuberSchedules"/>.</summary>
    public string HuberSchedule { get; init; } = "snr";

    /// <summary>The Huber threshold.</summary>
    public double HuberC { get; init; } = 0.1;

    /// <summary>Whether debiased estimation weighs the loss.</summary>
    public bool DebiasedEstimation { get; init; }

    /// <summary>Levels of pyramid noise; 0 leaves it out.</summary>
    public int MultiresNoiseIterations { get; init; }

    /// <summary>Weight of a level against the one before.</summary>
    public double MultiresNoiseDiscount { get; init; } = 0.3;

    /// <summary>Noise that the input has beyond its target; 0 leaves it out.</summary>
    public double IpNoiseGamma { get; init; }

    /// <summary>First noise level that is trained.</summary>
    public int MinTimestep { get; init; }

    /// <summary>Where noise levels end, itself not trained.</summary>
    public int MaxTimestep { get; init; } = 1000;

    /// <summary>Whether the last noise level is made pure noise.</summary>
    public bool ZeroTerminalSnr { get; init; }

    /// <summary>What the network predicts: a word of <see cref="Predictions"/>.</summary>
    public string Prediction { get; init; } = "auto";

    /// <summary>The loss it asks for.</summary>
    /// <param name="compute">dtype in which the network is computed.</param>
    public DenoisingOptions ToLoss(ScalarType compute) => new(compute)
    {
        Prediction = Predictions.Of(Prediction),
        ZeroTerminalSnr = ZeroTerminalSnr,
        Loss = new()
        {
            Element = Losses.Of(Loss),
            HuberSchedule = HuberSchedules.Of(HuberSchedule),
            HuberC = HuberC,
            MinSnrGamma = MinSnrGamma > 0 ? MinSnrGamma : null,
            DebiasedEstimation = DebiasedEstimation,
        },
    };

    /// <summary>The noise it asks for.</summary>
    public NoiseOptions ToNoise() => new()
    {
        Offset = NoiseOffset,
        MultiresIterations = MultiresNoiseIterations,
        MultiresDiscount = MultiresNoiseDiscount,
        InputPerturbation = IpNoiseGamma,
        MinTimestep = MinTimestep,
        MaxTimestep = MaxTimestep,
    };
}
