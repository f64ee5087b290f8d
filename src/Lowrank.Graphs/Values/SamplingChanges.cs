namespace Lowrank.Graphs;

/// <summary>What nodes changed in how a denoising network is sampled, besides its weights.</summary>
public sealed record SamplingChanges
{
    /// <summary>How its answers are read; null is as its base says.</summary>
    public ModelSampling? Sampling { get; init; }

    /// <summary>What is done otherwise inside of it.</summary>
    public UNetChanges Network { get; init; } = new();

    /// <summary>How two sides become one; null is the usual way.</summary>
    public GuidanceRule? Guidance { get; init; }

    /// <summary>What is done after guidance, in order.</summary>
    public IReadOnlyList<GuidanceChange> AfterGuidance { get; init; } = [];

    /// <summary>What becomes of a noise mask; null leaves it.</summary>
    public MaskRule? Mask { get; init; }
}
