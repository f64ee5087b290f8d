namespace Lowrank.Adapters;

/// <summary>A target that will be adapted, and how.</summary>
/// <param name="Target">The weight.</param>
/// <param name="Method">The method.</param>
/// <param name="Options">Its options; those asked of every method suffice.</param>
public sealed record PlannedTarget(Target Target, MethodDescriptor Method, MethodOptions Options)
{
    /// <summary>Its own learning rate; null takes its component's.</summary>
    public double? LearningRate { get; init; }

    /// <summary>What multiplies the component's learning rate.</summary>
    public double RateFactor { get; init; } = 1;
}
