namespace Lowrank.Graphs;

/// <summary>The classes of nodes that graphs may use.</summary>
public static class GraphNodes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<GraphNode> All { get; } =
    [
        // Loading
        new CheckpointLoaderSimple(),
        new DiffusersLoader(),
        new LoraLoader(),
        new LoraLoaderModelOnly(),
        new VAELoader(),
        // Latents
        new EmptyLatentImage(),
        new LatentAdd(),
        new LatentBatch(),
        new LatentBatchSeedBehavior(),
        new LatentBlend(),
        new LatentComposite(),
        new LatentCompositeMasked(),
        new LatentConcat(),
        new LatentCrop(),
        new LatentCut(),
        new LatentFlip(),
        new LatentFromBatch(),
        new LatentInterpolate(),
        new LatentMultiply(),
        new LatentRotate(),
        new LatentSubtract(),
        new LatentUpscale(),
        new LatentUpscaleBy(),
        new LoadLatent(),
        new RepeatLatentBatch(),
        new SaveLatent(),
        new SetLatentNoiseMask(),
        new VAEDecode(),
        new VAEDecodeTiled(),
        new VAEEncode(),
        new VAEEncodeForInpaint(),
        new VAEEncodeTiled(),
        // Pictures
        new EmptyImage(),
        new ImageBatch(),
        new ImageBlend(),
        new ImageCompositeMasked(),
        new ImageCrop(),
        new ImageFromBatch(),
        new ImageInvert(),
        new ImagePadForOutpaint(),
        new ImageScale(),
        new ImageScaleBy(),
        new LoadImage(),
        new PreviewImage(),
        new RepeatImageBatch(),
        new SaveImage(),
        // Masks
        new CropMask(),
        new FeatherMask(),
        new GrowMask(),
        new ImageColorToMask(),
        new ImageToMask(),
        new InvertMask(),
        new LoadImageMask(),
        new MaskComposite(),
        new MaskPreview(),
        new MaskToImage(),
        new SolidMask(),
        new ThresholdMask(),
        // Plain
        new PreviewAny(),
        new PrimitiveBoolean(),
        new PrimitiveFloat(),
        new PrimitiveInt(),
        new PrimitiveString(),
        new PrimitiveStringMultiline(),
        // Conditioning
        new CLIPTextEncode(),
        new CLIPTextEncodeSDXL(),
        new CLIPTextEncodeSDXLRefiner(),
        new CLIPSetLastLayer(),
        new ConditioningCombine(),
        new ConditioningConcat(),
        new ConditioningAverage(),
        new ConditioningZeroOut(),
        new ConditioningSetArea(),
        new ConditioningSetAreaPercentage(),
        new ConditioningSetAreaStrength(),
        new ConditioningSetMask(),
        new ConditioningSetTimestepRange(),
        new InpaintModelConditioning(),
        // Networks
        new ModelSamplingDiscrete(),
        new ModelSamplingContinuousEDM(),
        new RescaleCFG(),
        FreeU.First,
        FreeU.Second,
        new PerturbedAttentionGuidance(),
        new SelfAttentionGuidance(),
        new DifferentialDiffusion(),
        // Guiders
        new BasicGuider(),
        new CFGGuider(),
        new DualCFGGuider(),
        new PerpNegGuider(),
        new RandomNoise(),
        new DisableNoise(),
        // Sigmas
        new BasicScheduler(),
        new KarrasScheduler(),
        new ExponentialScheduler(),
        new PolyexponentialScheduler(),
        new VPScheduler(),
        new LaplaceScheduler(),
        new SDTurboScheduler(),
        new BetaSamplingScheduler(),
        new AlignYourStepsScheduler(),
        new GITSScheduler(),
        new SplitSigmas(),
        new SplitSigmasDenoise(),
        new FlipSigmas(),
        new SetFirstSigma(),
        new ExtendIntermediateSigmas(),
        // Samplers
        new KSamplerSelect(),
        AncestralSampler.Euler,
        AncestralSampler.EulerCfgPlusPlus,
        AncestralSampler.DpmPlusPlus2S,
        new SamplerDPMPP_3M_SDE(),
        new SamplerDPMPP_SDE(),
        new SamplerDPMPP_2M_SDE(),
        new SamplerLMS(),
        new SamplerDPMAdaptative(),
        new SamplerER_SDE(),
        new SamplerSASolver(),
        // Sampling
        new KSampler(),
        new KSamplerAdvanced(),
        new SamplerCustom(),
        new SamplerCustomAdvanced(),
        // Hooks
        new CreateHookLora(),
        new CreateHookLoraModelOnly(),
        new CreateHookKeyframe(),
        new CreateHookKeyframesInterpolated(),
        new SetHookKeyframes(),
        new SetClipHooks(),
        new ConditioningTimestepsRange(),
        new ConditioningSetProperties(),
        new ConditioningSetPropertiesAndCombine(),
        new PairConditioningSetProperties(),
        new PairConditioningSetPropertiesAndCombine(),
        new PairConditioningCombine(),
        new ConditioningSetDefaultCombine(),
        new PairConditioningSetDefaultCombine(),
        new CombineHooks(2),
        new CombineHooks(4),
        new CombineHooks(8),
        // Merging
        new ModelMergeSimple(),
        new ModelMergeSubtract(),
        new ModelMergeAdd(),
        new CLIPMergeSimple(),
        new CLIPMergeSubtract(),
        new CLIPMergeAdd(),
        new ModelMergeBlocks(),
        new LoraSave(),
    ];

    static readonly Dictionary<string, GraphNode> byName = All.ToDictionary(node => node.ClassType);

    /// <summary>The class of that name; null if there is none.</summary>
    public static GraphNode? Find(string? classType) => classType is null ? null : byName.GetValueOrDefault(classType);

    /// <summary>The class of a node in a graph.</summary>
    /// <exception cref="LowrankException">There is none; the message names the nearest.</exception>
    public static GraphNode Of(PlacedNode placed) => Find(placed.ClassType) ?? throw new LowrankException(WhyNot(placed));

    /// <summary>What to say of a node whose class there is not.</summary>
    public static string WhyNot(PlacedNode placed)
    {
        if (placed.ClassType is not { } name) return $"Node {placed.Id} says no class_type.";
        if (leftOut.TryGetValue(name, out string? why)) return $"Node {placed.Id} is a {name}, which is not done here: {why}.";
        return $"Node {placed.Id} is a {name}, which is not known here. {NearestNames.Sentence(name, byName.Keys)}";
    }

    // Known classes that are left out on purpose.
    static readonly Dictionary<string, string> leftOut = new()
    {
        ["UpscaleModelLoader"] = upscalers,
        ["ImageUpscaleWithModel"] = upscalers,
        ["ControlNetLoader"] = controls,
        ["ControlNetApply"] = controls,
        ["ControlNetApplyAdvanced"] = controls,
    };

    const string upscalers = "upscaling networks are not built here. Scale with ImageScale, or the latent with LatentUpscale";
    const string controls = "control networks are not built here";
}
