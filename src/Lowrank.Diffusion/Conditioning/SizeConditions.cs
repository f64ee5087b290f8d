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
    /// <summary>How many numbers XL is told.</summary>
    public const int Count = 6;

    /// <summary>How many numbers its refiner is told: a score in place of the target's two.</summary>
    public const int RefinersCount = 5;

    /// <summary>
    /// How beautiful the refiner is told that the picture is, about 1 to 10; null means the published 6, and 2.5 against a prompt.
    /// </summary>
    public double? AestheticScore { get; init; }

    /// <summary>A picture that was neither resized nor cropped.</summary>
    public static SizeConditions Of(int width, int height) => new(height, width, 0, 0, height, width);

    /// <summary>The six numbers in the network's order; a fresh float32 tensor (1, 6).</summary>
    public Tensor ToTensor(Device device) =>
        tensor(new float[,] { { OriginalHeight, OriginalWidth, CropTop, CropLeft, TargetHeight, TargetWidth } }, device: device);

    /// <summary>The numbers of a network that is told so many; a fresh float32 tensor (1, count).</summary>
    /// <param name="count">6 of XL, 5 of its refiner.</param>
    /// <param name="isNegative">Whether they stand beside a negative prompt.</param>
    /// <param name="device">Where.</param>
    /// <exception cref="LowrankException">No network is told so many.</exception>
    public Tensor ToTensor(int count, bool isNegative, Device device)
    {
        if (count == Count) return ToTensor(device);
        if (count != RefinersCount)
            throw new LowrankException($"The network wants {count} numbers beside the prompt; Stable Diffusion XL is told {Count} " +
                $"and its refiner {RefinersCount}. Do network and text encoder belong to one model?");
        float score = (float)(AestheticScore ?? (isNegative ? 2.5 : 6));
        return tensor(new float[,] { { OriginalHeight, OriginalWidth, CropTop, CropLeft, score } }, device: device);
    }
}
