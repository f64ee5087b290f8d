namespace Lowrank.Training;

// What the parts of a run are told.
public sealed partial record TrainingRecipe
{
    /// <summary>Rate of the UNet.</summary>
    internal double RateOfUnet => UnetLearningRate ?? LearningRate;

    /// <summary>Rate of the text encoders.</summary>
    internal double RateOfTextEncoder => TextEncoderLearningRate ?? LearningRate;

    internal PredictionType? PredictionType => Prediction switch { "epsilon" => Models.PredictionType.Epsilon, "v_prediction" => Models.PredictionType.Velocity, _ => null };

    /// <summary>Which layers it adapts, and how.</summary>
    /// <exception cref="LowrankException">A name that is not known, or a pattern, rule or argument that cannot be read.</exception>
    public AdaptationPlan ToPlan() => new()
    {
        Method = MethodNames.Named(Method),
        Options = new MethodOptions(Rank, Alpha)
        {
            RankStabilized = RankStabilized,
            Dora = Dora switch { "output" => DoraAxis.Output, "input" => DoraAxis.Input, _ => null },
            LearnedScalar = LearnedScalar,
            Dropout = Dropout,
            RankDropout = RankDropout,
            ModuleDropout = ModuleDropout,
        },
        Arguments = [.. MethodArgs.Select(TargetRule.Pair)],
        ConvolutionRank = ConvRank,
        ConvolutionAlpha = ConvAlpha,
        Components = component => component == "unet" ? TrainUnet : TrainTextEncoder,
        Preset = TargetPresets.Named(Preset),
        More = [.. Targets.Select(TargetPattern.Parse)],
        Except = [.. Exclude.Select(TargetPattern.Parse)],
        Norms = TrainNorm,
        Rules = [.. Rules.Select(TargetRule.Parse)],
        BlockRanks = BlockRanks,
        BlockAlphas = BlockAlphas,
        BlockConvolutionRanks = BlockConvRanks,
        BlockConvolutionAlphas = BlockConvAlphas,
        BlockRates = BlockLearningRates,
    };

    /// <summary>The loss it asks for.</summary>
    /// <param name="compute">dtype in which the network is computed.</param>
    public DenoisingOptions ToDenoising(ScalarType compute) => new(compute)
    {
        Prediction = PredictionType,
        ZeroTerminalSnr = ZeroTerminalSnr,
        Loss = new()
        {
            Element = Loss switch { "l1" => ElementLoss.L1, "huber" => ElementLoss.Huber, "smooth_l1" => ElementLoss.SmoothL1, _ => ElementLoss.L2 },
            HuberSchedule = HuberSchedule switch { "exponential" => Training.HuberSchedule.Exponential, "constant" => Training.HuberSchedule.Constant, _ => Training.HuberSchedule.Snr },
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
