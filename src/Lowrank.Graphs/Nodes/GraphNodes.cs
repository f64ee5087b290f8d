namespace Lowrank.Graphs;

/// <summary>The classes of nodes that graphs may use.</summary>
public static class GraphNodes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<GraphNode> All { get; } =
    [
        // Loading
        new CheckpointLoaderSimple(),
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
        new VAEEncode(),
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
        string nearest = string.Join(", ", NearestNames.To(name, byName.Keys));
        return $"Node {placed.Id} is a {name}, which is not known here. Nearest: {nearest}.";
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
