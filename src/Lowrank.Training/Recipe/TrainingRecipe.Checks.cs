namespace Lowrank.Training;

// The ranges of the fields.
public sealed partial record TrainingRecipe
{
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
