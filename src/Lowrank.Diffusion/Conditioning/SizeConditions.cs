namespace Lowrank.Diffusion;

/// <summary>Sizes that Stable Diffusion XL is told, in pixels (Podell et al. 2023, arXiv:2307.01952, section 2.2).</summary>
/// <param name="OriginalHeight">Height of the picture before it was resized for training.</param>
/// <param name="OriginalWidth">Its width.</param>
/// <param name="CropTop">Where it was cropped; 0 for a centred subject.</param>
/// <param name="CropLeft">Where it was cropped.</param>
/// <param name="TargetHeight">Height after cropping.</param>
/// <param name="TargetWidth">Width after cropping.</param>
public sealed record SizeConditions(int OriginalHeight, int OriginalWidth, int CropTop, int CropLeft, int TargetHeight, int TargetWidth)
{
    /// <summary>How many numbers they are.</summary>
    public const int Count = 6;

    /// <summary>A picture that was neither resized nor cropped.</summary>
    public static SizeConditions Of(int width, int height) => new(height, width, 0, 0, height, width);

    /// <summary>The six numbers in the network's order; a fresh float32 tensor (1, 6).</summary>
    public Tensor ToTensor(Device device) =>
        tensor(new float[,] { { OriginalHeight, OriginalWidth, CropTop, CropLeft, TargetHeight, TargetWidth } }, device: device);
}
