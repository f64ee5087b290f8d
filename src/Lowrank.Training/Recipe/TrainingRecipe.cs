namespace Lowrank.Training;

/// <summary>A training run, whole: what is trained on what, and how. <see cref="RecipeFields"/> tells every field's meaning.</summary>
public sealed record TrainingRecipe
{
    /// <summary>The base model: a folder in the diffusers layout, or a single-file checkpoint.</summary>
    public string BaseModel { get; init; } = "";

    /// <summary>A diffusers folder that tells what a single-file base model does not; empty for none.</summary>
    public string BaseModelConfig { get; init; } = "";

    /// <summary>Folder of the pictures and their captions.</summary>
    public string Pictures { get; init; } = "";

    /// <summary>Folder that gets everything the run writes.</summary>
    public string Output { get; init; } = "out";

    /// <summary>Name of the adapter and of every file.</summary>
    public string Name { get; init; } = "adapter";

    /// <summary>The method's name.</summary>
    public string Method { get; init; } = "lora";

    /// <summary>Options of the method, name=value each.</summary>
    public IReadOnlyList<string> MethodArgs { get; init; } = [];

    /// <summary>Rank of linear and pointwise layers.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>Numerator of the scale; null means the rank.</summary>
    public double? Alpha { get; init; }

    /// <summary>Rank of convolutions with a kernel; 0 leaves them alone.</summary>
    public int ConvRank { get; init; }

    /// <summary>Alpha of convolutions with a kernel; null means their rank.</summary>
    public double? ConvAlpha { get; init; }

    /// <summary>Whether the scale is alpha/√rank.</summary>
    public bool RankStabilized { get; init; }

    /// <summary>Along which axis DoRA keeps norms: "none", "output" or "input".</summary>
    public string Dora { get; init; } = "none";

    /// <summary>Whether a trained number multiplies the change.</summary>
    public bool LearnedScalar { get; init; }

    /// <summary>Batches that are looked at where the factors begin with data.</summary>
    public int InitBatches { get; init; } = 8;

    /// <summary>The preset that chooses layers.</summary>
    public string Preset { get; init; } = "kohya";

    /// <summary>Patterns of layers beside the preset's.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Patterns of layers that are left alone.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Rules for some layers, as <see cref="TargetRule.Parse"/> reads them.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Whether norms inside the preset's modules are trained.</summary>
    public bool TrainNorm { get; init; }

    /// <summary>Ranks by block of the UNet; empty for one rank.</summary>
    public IReadOnlyList<double> BlockRanks { get; init; } = [];

    /// <summary>Alphas by block.</summary>
    public IReadOnlyList<double> BlockAlphas { get; init; } = [];

    /// <summary>Ranks of convolutions with a kernel by block.</summary>
    public IReadOnlyList<double> BlockConvRanks { get; init; } = [];

    /// <summary>Alphas of convolutions with a kernel by block.</summary>
    public IReadOnlyList<double> BlockConvAlphas { get; init; } = [];

    /// <summary>Factors of the learning rate by block.</summary>
    public IReadOnlyList<double> BlockLearningRates { get; init; } = [];

    /// <summary>Whether the UNet is adapted.</summary>
    public bool TrainUnet { get; init; } = true;

    /// <summary>Whether the text encoders are adapted.</summary>
    public bool TrainTextEncoder { get; init; }

    /// <summary>Learning rate.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>The UNet's learning rate; null means <see cref="LearningRate"/>.</summary>
    public double? UnetLearningRate { get; init; }

    /// <summary>The text encoders' learning rate; null means <see cref="LearningRate"/>.</summary>
    public double? TextEncoderLearningRate { get; init; }

    /// <summary>LoRA+'s ratio: how much faster factors learn that begin at zero; null keeps one rate.</summary>
    public double? LoraplusRatio { get; init; }

    /// <summary>The UNet's ratio; null means <see cref="LoraplusRatio"/>.</summary>
    public double? LoraplusUnetRatio { get; init; }

    /// <summary>The text encoders' ratio; null means <see cref="LoraplusRatio"/>.</summary>
    public double? LoraplusTextEncoderRatio { get; init; }

    /// <summary>Whose LoRA+ is meant: "kohya" or "peft".</summary>
    public string LoraplusStyle { get; init; } = "kohya";

    /// <summary>Whether gradients of a LoRA's factors are divided by the other factor's Gram matrix.</summary>
    public bool Precondition { get; init; }

    /// <summary>Largest norm of a layer's change; null sets no limit.</summary>
    public double? ScaleWeightNorms { get; init; }

    /// <summary>How the learning rate goes.</summary>
    public LearningRateCurve Schedule { get; init; } = LearningRateCurve.Cosine;

    /// <summary>Steps of warm-up from 1 up; below 1 a share of all steps.</summary>
    public double Warmup { get; init; } = 0.05;

    /// <summary>Number of restarts.</summary>
    public int Cycles { get; init; } = 1;

    /// <summary>Exponent of the polynomial schedule.</summary>
    public double Power { get; init; } = 1;

    /// <summary>AdamW's β1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW's β2.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>AdamW's ε.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>AdamW's weight decay.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Optimizer steps; 0 takes <see cref="Epochs"/>.</summary>
    public int Steps { get; init; } = 1500;

    /// <summary>Passes over the pictures, if <see cref="Steps"/> is 0.</summary>
    public int Epochs { get; init; }

    /// <summary>Pictures in a batch.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Batches in an optimizer step.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Largest norm of the gradient; 0 does not clip.</summary>
    public double MaxGradNorm { get; init; } = 1;

    /// <summary>Width of training pictures.</summary>
    public int Width { get; init; } = 512;

    /// <summary>Height of training pictures.</summary>
    public int Height { get; init; } = 512;

    /// <summary>Whether pictures smaller than the training size are enlarged rather than refused.</summary>
    public bool AllowUpscale { get; init; }

    /// <summary>"auto", "bf16" or "f32".</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>Threads to compute with; 0 means all processors.</summary>
    public int Threads { get; init; }

    /// <summary>Seed of everything random.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>γ of min-SNR weighting; 0 weighs all timesteps alike.</summary>
    public double MinSnrGamma { get; init; } = 5;

    /// <summary>Size of the noise offset; 0 leaves it out.</summary>
    public double NoiseOffset { get; init; }

    /// <summary>Distance of an answer from its target: "l2", "l1", "huber" or "smooth_l1".</summary>
    public string Loss { get; init; } = "l2";

    /// <summary>How the Huber threshold falls with the noise: "snr", "exponential" or "constant".</summary>
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

    /// <summary>"auto" (as the model's scheduler says), "epsilon" or "v_prediction".</summary>
    public string Prediction { get; init; } = "auto";

    /// <summary>Layers from the text encoder's end, as web UIs count.</summary>
    public int ClipSkip { get; init; } = 1;

    /// <summary>Whether blocks are computed twice to save memory.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Share of rank activations dropped.</summary>
    public double Dropout { get; init; }

    /// <summary>Share of ranks dropped.</summary>
    public double RankDropout { get; init; }

    /// <summary>Chance that a layer's adapter is left out of a step.</summary>
    public double ModuleDropout { get; init; }

    /// <summary>Chance that a caption is left out.</summary>
    public double CaptionDropout { get; init; }

    /// <summary>Whether encoded pictures are kept on disk for the next run.</summary>
    public bool CacheToDisk { get; init; }

    /// <summary>Steps between checkpoints; 0 saves at the end alone.</summary>
    public int SaveEvery { get; init; }

    /// <summary>dtype of the written adapter: "f32", "f16" or "bf16".</summary>
    public string SaveDtype { get; init; } = "f16";

    /// <summary>Steps between sample pictures; 0 makes none.</summary>
    public int SampleEvery { get; init; }

    /// <summary>Prompts of the sample pictures.</summary>
    public IReadOnlyList<string> SamplePrompts { get; init; } = [];

    /// <summary>Sampling steps of the sample pictures.</summary>
    public int SampleSteps { get; init; } = 20;

    /// <summary>Guidance of the sample pictures.</summary>
    public double SampleGuidance { get; init; } = 7;

    /// <summary>Whether TensorBoard events are written.</summary>
    public bool Tensorboard { get; init; } = true;

    /// <summary>Whether a stopped run goes on.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether files of an earlier run of this name may be replaced.</summary>
    public bool Overwrite { get; init; }

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

    /// <summary>This, if a run can be made of it.</summary>
    /// <exception cref="LowrankException">Lists every value out of its range.</exception>
    public TrainingRecipe Checked()
    {
        var faults = new List<string>();
        Need(BaseModel.Length > 0, "base_model is missing (a folder in the diffusers layout, or a single-file checkpoint)");
        Need(Pictures.Length > 0, "pictures is missing (the folder of the training pictures)");
        Need(Name.Length > 0 && Name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0, $"name \"{Name}\" cannot be a file's name");
        Need(Rank >= 1, $"rank is {Rank} (1 or more; 4 to 64 are usual)");
        Need(ConvRank >= 0, $"conv_rank is {ConvRank} (0 or more)");
        Need(Alpha is null || Alpha > 0 && double.IsFinite(Alpha.Value), $"alpha is {Alpha} (above 0)");
        Need(ConvAlpha is null || ConvAlpha > 0 && double.IsFinite(ConvAlpha.Value), $"conv_alpha is {ConvAlpha} (above 0)");
        Need(Dora is "none" or "output" or "input", $"dora is \"{Dora}\" (none, output or input)");
        Try(() => MethodNames.Named(Method).Options(new MethodOptions(Math.Max(1, Rank)), MethodArgs.Select(TargetRule.Pair)));
        Try(() => TargetPresets.Named(Preset));
        foreach (var text in Targets.Concat(Exclude)) Try(() => TargetPattern.Parse(text));
        foreach (var rule in Rules) Try(() => TargetRule.Parse(rule));
        Need(TrainUnet || TrainTextEncoder, "neither train_unet nor train_text_encoder is on: there is nothing to train");
        foreach (var (name, rate) in new[] { ("learning_rate", (double?)LearningRate), ("unet_learning_rate", UnetLearningRate), ("text_encoder_learning_rate", TextEncoderLearningRate) })
            Need(rate is null || rate > 0 && double.IsFinite(rate.Value), $"{name} is {rate} (above 0; 1e-5 to 1e-3 are usual)");
        foreach (var (name, ratio) in new[] { ("loraplus_ratio", LoraplusRatio), ("loraplus_unet_ratio", LoraplusUnetRatio), ("loraplus_text_encoder_ratio", LoraplusTextEncoderRatio) })
            Need(ratio is null || ratio >= 0 && double.IsFinite(ratio.Value), $"{name} is {ratio} (0 or more; 4 to 16 are usual)");
        Need(LoraplusStyle is "kohya" or "peft", $"loraplus_style is \"{LoraplusStyle}\" (kohya or peft)");
        Need(InitBatches >= 1, $"init_batches is {InitBatches} (1 or more)");
        Need(ScaleWeightNorms is null || ScaleWeightNorms > 0 && double.IsFinite(ScaleWeightNorms.Value), $"scale_weight_norms is {ScaleWeightNorms} (above 0; 1 is usual)");
        Need(Warmup >= 0 && double.IsFinite(Warmup), $"warmup is {Warmup} (steps from 1 up, or a share below 1)");
        Need(Cycles >= 1, $"cycles is {Cycles} (1 or more)");
        Need(Power > 0 && double.IsFinite(Power), $"power is {Power} (above 0)");
        Need(Beta1 is >= 0 and < 1, $"beta1 is {Beta1} (0 to below 1)");
        Need(Beta2 is >= 0 and < 1, $"beta2 is {Beta2} (0 to below 1)");
        Need(Epsilon > 0, $"epsilon is {Epsilon} (above 0)");
        Need(WeightDecay >= 0 && double.IsFinite(WeightDecay), $"weight_decay is {WeightDecay} (0 or more)");
        Need(Steps >= 0 && Epochs >= 0 && Steps + Epochs > 0, $"steps is {Steps} and epochs is {Epochs} (one of them 1 or more)");
        Need(BatchSize >= 1, $"batch_size is {BatchSize} (1 or more)");
        Need(Accumulation >= 1, $"accumulation is {Accumulation} (1 or more)");
        Need(MaxGradNorm >= 0, $"max_grad_norm is {MaxGradNorm} (0 or more)");
        Need(Width >= 8 && Width % 8 == 0, $"width is {Width} (a multiple of 8)");
        Need(Height >= 8 && Height % 8 == 0, $"height is {Height} (a multiple of 8)");
        Need(PrecisionNames.All.Contains(Precision), $"precision is \"{Precision}\" (auto, bf16 or f32)");
        Need(SaveDtype is "f32" or "f16" or "bf16", $"save_dtype is \"{SaveDtype}\" (f32, f16 or bf16)");
        Need(Prediction is "auto" or "epsilon" or "v_prediction", $"prediction is \"{Prediction}\" (auto, epsilon or v_prediction)");
        Need(Threads >= 0, $"threads is {Threads} (0 or more)");
        Need(MinSnrGamma >= 0 && double.IsFinite(MinSnrGamma), $"min_snr_gamma is {MinSnrGamma} (0 or more)");
        Need(NoiseOffset >= 0 && double.IsFinite(NoiseOffset), $"noise_offset is {NoiseOffset} (0 or more)");
        Need(Loss is "l2" or "l1" or "huber" or "smooth_l1", $"loss is \"{Loss}\" (l2, l1, huber or smooth_l1)");
        Need(HuberSchedule is "snr" or "exponential" or "constant", $"huber_schedule is \"{HuberSchedule}\" (snr, exponential or constant)");
        Need(HuberC > 0 && double.IsFinite(HuberC), $"huber_c is {HuberC} (above 0)");
        Need(MultiresNoiseIterations >= 0, $"multires_noise_iterations is {MultiresNoiseIterations} (0 or more)");
        Need(MultiresNoiseDiscount is >= 0 and <= 1, $"multires_noise_discount is {MultiresNoiseDiscount} (0 to 1)");
        Need(IpNoiseGamma >= 0 && double.IsFinite(IpNoiseGamma), $"ip_noise_gamma is {IpNoiseGamma} (0 or more)");
        Need(MinTimestep >= 0 && MinTimestep < MaxTimestep && MaxTimestep <= 1000, $"min_timestep is {MinTimestep} and max_timestep is {MaxTimestep} (0 to 1000, the first below the second)");
        Need(!ZeroTerminalSnr || Prediction != "epsilon", "zero_terminal_snr needs a model that predicts v (at pure noise, predicting the noise teaches nothing), and prediction is epsilon");
        Need(ClipSkip >= 1, $"clip_skip is {ClipSkip} (1 or more)");
        foreach (var (name, share) in new[] { ("dropout", Dropout), ("rank_dropout", RankDropout), ("module_dropout", ModuleDropout), ("caption_dropout", CaptionDropout) })
            Need(share is >= 0 and < 1, $"{name} is {share} (0 to below 1)");
        Need(SaveEvery >= 0, $"save_every is {SaveEvery} (0 or more)");
        Need(SampleEvery >= 0, $"sample_every is {SampleEvery} (0 or more)");
        Need(SampleEvery == 0 || SamplePrompts.Count > 0, "sample_every is on and sample_prompts is empty");
        Need(double.IsFinite(SampleGuidance), $"sample_guidance is {SampleGuidance} (a number)");
        Need(SampleSteps >= 1, $"sample_steps is {SampleSteps} (1 or more)");
        return faults.Count == 0 ? this : throw new LowrankException($"This recipe cannot be trained: {string.Join("; ", faults)}.");

        void Try(Func<object> read)
        {
            try
            {
                read();
            }
            catch (LowrankException error)
            {
                faults.Add(error.Message);
            }
        }

        void Need(bool holds, string fault)
        {
            if (!holds) faults.Add(fault);
        }
    }
}
