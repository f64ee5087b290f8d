namespace Lowrank.Training;

/// <summary>Every field of a recipe, in the order in which it is written.</summary>
public static class RecipeFields
{
    internal static readonly (string Name, LearningRateCurve Curve)[] Curves =
    [
        ("constant", LearningRateCurve.Constant), ("linear", LearningRateCurve.Linear), ("cosine", LearningRateCurve.Cosine),
        ("cosine_with_restarts", LearningRateCurve.CosineWithRestarts), ("polynomial", LearningRateCurve.Polynomial),
    ];

    /// <summary>The list.</summary>
    public static IReadOnlyList<RecipeField> All { get; } =
    [
        RecipeField.Text("base_model", "The base model: a folder in the diffusers layout, or a single-file checkpoint", r => r.BaseModel, (r, v) => r with { BaseModel = v }),
        RecipeField.Text("base_model_config", "A diffusers folder that tells what a single file does not: settings, tokenizer, parts it lacks", r => r.BaseModelConfig, (r, v) => r with { BaseModelConfig = v }),
        RecipeField.Text("pictures", "Folder of pictures with captions: <repeats>_<name>/x.png + x.txt, or a flat folder", r => r.Pictures, (r, v) => r with { Pictures = v }),
        RecipeField.Text("output", "Folder for everything the run writes", r => r.Output, (r, v) => r with { Output = v }),
        RecipeField.Text("name", "Name of the adapter and of its files", r => r.Name, (r, v) => r with { Name = v }),

        RecipeField.Text("method", "How layers are adapted: lora, locon, dora, loha, lokr, ... (a wrong name lists the nearest)", r => r.Method, (r, v) => r with { Method = v }),
        RecipeField.Several("method_args", "An option of the method, name=value: factor=8, use_tucker=true", RecipeList.Pairs, r => r.MethodArgs, (r, v) => r with { MethodArgs = v }, single: "method-arg"),
        RecipeField.Whole("rank", "Rank of the adapter (kohya: network_dim); 4 to 64", r => r.Rank, (r, v) => r with { Rank = (int)v }),
        RecipeField.Number("alpha", "Scale is alpha/rank (network_alpha); the rank if not set", r => r.Alpha, (r, v) => r with { Alpha = v }),
        RecipeField.Whole("conv_rank", "Rank of 3x3 convolutions (conv_dim); 0 leaves them alone", r => r.ConvRank, (r, v) => r with { ConvRank = (int)v }),
        RecipeField.Number("conv_alpha", "Alpha of 3x3 convolutions; conv_rank if not set", r => r.ConvAlpha, (r, v) => r with { ConvAlpha = v }),
        RecipeField.Switch("rank_stabilized", "Scale by alpha/sqrt(rank) in place of alpha/rank (rsLoRA)", r => r.RankStabilized, (r, v) => r with { RankStabilized = v }),
        RecipeField.Text("dora", "DoRA's magnitudes for the method: none, output (one for each output, as usual) or input", r => r.Dora, (r, v) => r with { Dora = v }),
        RecipeField.Switch("learned_scalar", "A trained number, 0 at first, multiplies the change, and all factors begin random (use_scalar)", r => r.LearnedScalar, (r, v) => r with { LearnedScalar = v }),
        RecipeField.Whole("init_batches", "Batches that eva and corda look at before training", r => r.InitBatches, (r, v) => r with { InitBatches = (int)v }),
        RecipeField.Text("preset", "Which layers: kohya, full, full-lin, attn-mlp, attn-only, unet-only, unet-transformer-only, unet-convblock-only, ia3, all-linear, none", r => r.Preset, (r, v) => r with { Preset = v }),
        RecipeField.Several("targets", "Layers beside the preset's: a name (to_q), a glob (*.attn2.*), /a regex/, class:Transformer2DModel or kind:conv2d", RecipeList.Texts, r => r.Targets, (r, v) => r with { Targets = v }, single: "target"),
        RecipeField.Several("exclude", "Layers that are left alone, said in the same way", RecipeList.Texts, r => r.Exclude, (r, v) => r with { Exclude = v }),
        RecipeField.Several("rules", "For some layers alone, the first rule that matches: match=*.ff.* method=lokr rank=8 alpha=4 learning_rate=1e-4 factor=4; method=none leaves them out", RecipeList.Mappings, r => r.Rules, (r, v) => r with { Rules = v }, single: "rule"),
        RecipeField.Switch("train_norm", "Train the norms of the preset's modules too", r => r.TrainNorm, (r, v) => r with { TrainNorm = v }),
        RecipeField.Numbers("block_ranks", "A rank for each block of the UNet, 0 leaves it out: kohya's block_dims (25 numbers; SDXL 23) or LoRA block weight's 17 or 26 (SDXL 12 or 20)", r => r.BlockRanks, (r, v) => r with { BlockRanks = v }),
        RecipeField.Numbers("block_alphas", "An alpha for each block", r => r.BlockAlphas, (r, v) => r with { BlockAlphas = v }),
        RecipeField.Numbers("block_conv_ranks", "A rank of 3x3 convolutions for each block", r => r.BlockConvRanks, (r, v) => r with { BlockConvRanks = v }),
        RecipeField.Numbers("block_conv_alphas", "An alpha of 3x3 convolutions for each block", r => r.BlockConvAlphas, (r, v) => r with { BlockConvAlphas = v }),
        RecipeField.Numbers("block_learning_rates", "What multiplies the learning rate in each block; 0 leaves it out", r => r.BlockLearningRates, (r, v) => r with { BlockLearningRates = v }),
        RecipeField.Switch("train_unet", "Adapt the UNet", r => r.TrainUnet, (r, v) => r with { TrainUnet = v }),
        RecipeField.Switch("train_text_encoder", "Adapt the text encoders too", r => r.TrainTextEncoder, (r, v) => r with { TrainTextEncoder = v }),

        RecipeField.Number("learning_rate", "Learning rate", r => r.LearningRate, (r, v) => r with { LearningRate = v }),
        RecipeField.Number("unet_learning_rate", "The UNet's learning rate; learning_rate if not set", r => r.UnetLearningRate, (r, v) => r with { UnetLearningRate = v }),
        RecipeField.Number("text_encoder_learning_rate", "The text encoders' learning rate; learning_rate if not set", r => r.TextEncoderLearningRate, (r, v) => r with { TextEncoderLearningRate = v }),
        RecipeField.Number("loraplus_ratio", "LoRA+: how many times faster factors learn that begin at zero (loraplus_lr_ratio); 16 is usual", r => r.LoraplusRatio, (r, v) => r with { LoraplusRatio = v }),
        RecipeField.Number("loraplus_unet_ratio", "The UNet's; loraplus_ratio if not set", r => r.LoraplusUnetRatio, (r, v) => r with { LoraplusUnetRatio = v }),
        RecipeField.Number("loraplus_text_encoder_ratio", "The text encoders'; loraplus_ratio if not set", r => r.LoraplusTextEncoderRatio, (r, v) => r with { LoraplusTextEncoderRatio = v }),
        RecipeField.Text("loraplus_style", "kohya, or peft: magnitudes and biases are fast too, biases do not decay, embeddings learn at 1e-6", r => r.LoraplusStyle, (r, v) => r with { LoraplusStyle = v }),
        RecipeField.Switch("precondition", "Divide the gradients of a LoRA's factors by the other factor's Gram matrix (as LoRA-FA's optimizer does)", r => r.Precondition, (r, v) => r with { Precondition = v }),
        RecipeField.Number("scale_weight_norms", "Scale a layer's change down to this norm after each step (max-norm); 1 is usual", r => r.ScaleWeightNorms, (r, v) => r with { ScaleWeightNorms = v }),
        new("schedule", "constant, linear, cosine, cosine_with_restarts or polynomial", r => Curves.First(c => c.Curve == r.Schedule).Name,
            (r, v) => r with { Schedule = Curves.FirstOrDefault(c => c.Name == v) is { Name: not null } found ? found.Curve : throw RecipeField.NotA($"schedule ({string.Join(", ", Curves.Select(c => c.Name))})", "schedule", v) }),
        RecipeField.Number("warmup", "Warm-up: steps from 1 up, or a share of all steps below 1", r => r.Warmup, (r, v) => r with { Warmup = v }),
        RecipeField.Whole("cycles", "Number of waves of cosine_with_restarts", r => r.Cycles, (r, v) => r with { Cycles = (int)v }),
        RecipeField.Number("power", "Exponent of polynomial", r => r.Power, (r, v) => r with { Power = v }),
        RecipeField.Number("beta1", "AdamW's beta1", r => r.Beta1, (r, v) => r with { Beta1 = v }),
        RecipeField.Number("beta2", "AdamW's beta2", r => r.Beta2, (r, v) => r with { Beta2 = v }),
        RecipeField.Number("epsilon", "AdamW's epsilon", r => r.Epsilon, (r, v) => r with { Epsilon = v }),
        RecipeField.Number("weight_decay", "AdamW's weight decay", r => r.WeightDecay, (r, v) => r with { WeightDecay = v }),

        RecipeField.Whole("steps", "Optimizer steps; 0 takes epochs", r => r.Steps, (r, v) => r with { Steps = (int)v }),
        RecipeField.Whole("epochs", "Passes over the pictures, if steps is 0", r => r.Epochs, (r, v) => r with { Epochs = (int)v }),
        RecipeField.Whole("batch_size", "Pictures in a batch", r => r.BatchSize, (r, v) => r with { BatchSize = (int)v }),
        RecipeField.Whole("accumulation", "Batches in an optimizer step", r => r.Accumulation, (r, v) => r with { Accumulation = (int)v }),
        RecipeField.Number("max_grad_norm", "Largest norm of the gradient; 0 does not clip", r => r.MaxGradNorm, (r, v) => r with { MaxGradNorm = v }),
        RecipeField.Whole("width", "Width of training pictures", r => r.Width, (r, v) => r with { Width = (int)v }),
        RecipeField.Whole("height", "Height of training pictures", r => r.Height, (r, v) => r with { Height = (int)v }),
        RecipeField.Switch("allow_upscale", "Enlarge pictures that are smaller, instead of refusing them", r => r.AllowUpscale, (r, v) => r with { AllowUpscale = v }),

        RecipeField.Text("precision", "auto (the faster one on this processor), bf16 or f32", r => r.Precision, (r, v) => r with { Precision = v }),
        RecipeField.Whole("threads", "Threads to compute with; 0 takes all processors", r => r.Threads, (r, v) => r with { Threads = (int)v }),
        RecipeField.Whole("seed", "Seed of everything random", r => r.Seed, (r, v) => r with { Seed = v }),
        RecipeField.Number("min_snr_gamma", "Gamma of min-SNR weighting; 0 weighs all timesteps alike", r => r.MinSnrGamma, (r, v) => r with { MinSnrGamma = v }),
        RecipeField.Number("noise_offset", "Noise offset, 0.03 to 0.1; 0 leaves it out", r => r.NoiseOffset, (r, v) => r with { NoiseOffset = v }),
        RecipeField.Text("loss", "l2, l1, huber or smooth_l1", r => r.Loss, (r, v) => r with { Loss = v }),
        RecipeField.Text("huber_schedule", "How the threshold of huber and smooth_l1 falls with the noise: snr, exponential or constant", r => r.HuberSchedule, (r, v) => r with { HuberSchedule = v }),
        RecipeField.Number("huber_c", "Threshold of huber and smooth_l1", r => r.HuberC, (r, v) => r with { HuberC = v }),
        RecipeField.Switch("debiased_estimation", "Weigh noise levels by 1/sqrt(SNR) (debiased_estimation_loss)", r => r.DebiasedEstimation, (r, v) => r with { DebiasedEstimation = v }),
        RecipeField.Whole("multires_noise_iterations", "Levels of pyramid noise, 6 to 10; 0 leaves it out", r => r.MultiresNoiseIterations, (r, v) => r with { MultiresNoiseIterations = (int)v }),
        RecipeField.Number("multires_noise_discount", "Weight of a level of pyramid noise against the one before", r => r.MultiresNoiseDiscount, (r, v) => r with { MultiresNoiseDiscount = v }),
        RecipeField.Number("ip_noise_gamma", "Noise that the input has beyond its target, 0.05 to 0.1; 0 leaves it out", r => r.IpNoiseGamma, (r, v) => r with { IpNoiseGamma = v }),
        RecipeField.Whole("min_timestep", "First noise level that is trained", r => r.MinTimestep, (r, v) => r with { MinTimestep = (int)v }),
        RecipeField.Whole("max_timestep", "Where noise levels end, itself not trained", r => r.MaxTimestep, (r, v) => r with { MaxTimestep = (int)v }),
        RecipeField.Switch("zero_terminal_snr", "Make the last noise level pure noise; for models that predict v", r => r.ZeroTerminalSnr, (r, v) => r with { ZeroTerminalSnr = v }),
        RecipeField.Text("prediction", "auto (as the model says), epsilon or v_prediction", r => r.Prediction, (r, v) => r with { Prediction = v }),
        RecipeField.Whole("clip_skip", "Layers from the text encoder's end, as web UIs count", r => r.ClipSkip, (r, v) => r with { ClipSkip = (int)v }),
        RecipeField.Switch("gradient_checkpointing", "Compute blocks twice to save memory", r => r.GradientCheckpointing, (r, v) => r with { GradientCheckpointing = v }),
        RecipeField.Number("dropout", "Share of rank activations dropped (network_dropout)", r => r.Dropout, (r, v) => r with { Dropout = v }),
        RecipeField.Number("rank_dropout", "Share of ranks dropped", r => r.RankDropout, (r, v) => r with { RankDropout = v }),
        RecipeField.Number("module_dropout", "Chance that a layer's adapter is left out of a step", r => r.ModuleDropout, (r, v) => r with { ModuleDropout = v }),
        RecipeField.Number("caption_dropout", "Chance that a caption is left out (caption_dropout_rate)", r => r.CaptionDropout, (r, v) => r with { CaptionDropout = v }),
        RecipeField.Switch("cache_to_disk", "Keep encoded pictures on disk for the next run", r => r.CacheToDisk, (r, v) => r with { CacheToDisk = v }),

        RecipeField.Whole("save_every", "Steps between checkpoints; 0 saves at the end alone", r => r.SaveEvery, (r, v) => r with { SaveEvery = (int)v }),
        RecipeField.Text("save_dtype", "dtype of the written adapter: f32, f16 or bf16", r => r.SaveDtype, (r, v) => r with { SaveDtype = v }),
        RecipeField.Whole("sample_every", "Steps between sample pictures; 0 makes none", r => r.SampleEvery, (r, v) => r with { SampleEvery = (int)v }),
        RecipeField.Several("sample_prompts", "Prompts of the sample pictures", RecipeList.Texts, r => r.SamplePrompts, (r, v) => r with { SamplePrompts = v }),
        RecipeField.Whole("sample_steps", "Sampling steps of the sample pictures", r => r.SampleSteps, (r, v) => r with { SampleSteps = (int)v }),
        RecipeField.Number("sample_guidance", "Guidance of the sample pictures", r => r.SampleGuidance, (r, v) => r with { SampleGuidance = v }),
        RecipeField.Switch("tensorboard", "Write TensorBoard events", r => r.Tensorboard, (r, v) => r with { Tensorboard = v }),
        RecipeField.Switch("resume", "Go on where a stopped run of this name stood", r => r.Resume, (r, v) => r with { Resume = v }),
        RecipeField.Switch("overwrite", "Replace files of an earlier run of this name", r => r.Overwrite, (r, v) => r with { Overwrite = v }),
    ];

    /// <summary>The field of that name; an error with the nearest names if there is none.</summary>
    public static RecipeField Named(string name) => All.FirstOrDefault(f => f.Name == name)
        ?? throw new LowrankException($"\"{name}\" is no field of a recipe (nearest: {string.Join(", ", NearestNames.To(name, All.Select(f => f.Name)))})");
}
