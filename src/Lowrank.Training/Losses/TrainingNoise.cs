namespace Lowrank.Training;

/// <summary>The noise of a training step.</summary>
public static class TrainingNoise
{
    /// <summary>Normal noise of <paramref name="shape"/>, raised or lowered per sample and channel by offset·N(0, 1).</summary>
    /// <param name="shape">(B, C, H, W).</param>
    /// <param name="offset">0 leaves the offset out (crosslabs.org, "Diffusion with Offset Noise").</param>
    /// <param name="generator">Source of the draws: noise first, then the offset.</param>
    public static Tensor Draw(long[] shape, double offset, Generator generator)
    {
        using var scope = NewDisposeScope();
        var noise = randn(shape, generator: generator);
        return scope.MoveToOuter(offset > 0 ? noise + offset * randn([shape[0], shape[1], 1, 1], generator: generator) : noise);
    }
}
