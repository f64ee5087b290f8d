namespace Lowrank.Training;

/// <summary>A training run, whole: what is trained on what, and how. <see cref="RecipeFields"/> tells every field's meaning.</summary>
public sealed partial record TrainingRecipe
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
}
