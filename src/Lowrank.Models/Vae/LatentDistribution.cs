namespace Lowrank.Models;

/// <summary>
/// The normal distribution of latents that a picture is encoded to, (B, latent channels, H/f, W/f); unscaled. Its tensors belong to the
/// caller's scope.
/// </summary>
/// <param name="Mean">Mean of each entry.</param>
/// <param name="LogVariance">Logarithm of the variance of each entry, within -30 to 20.</param>
public sealed record LatentDistribution(Tensor Mean, Tensor LogVariance)
{
    /// <summary>
    /// One draw: mean + exp(½ log variance)·ε, with ε drawn in float32 on the CPU so that every device and dtype gets the same.
    /// </summary>
    /// <param name="generator">Where ε comes from; null takes the default generator.</param>
    public Tensor Sample(Generator? generator = null)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Sample(randn(Mean.shape, dtype: ScalarType.Float32, device: CPU, generator: generator)));
    }

    /// <summary>The draw that belongs to a given ε of the mean's shape.</summary>
    public Tensor Sample(Tensor noise)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Mean + (LogVariance * 0.5).exp() * noise.to(Mean.dtype, Mean.device));
    }

    internal static LatentDistribution MoveOut(DisposeScope scope, LatentDistribution distribution)
    {
        scope.MoveToOuter(distribution.Mean);
        scope.MoveToOuter(distribution.LogVariance);
        return distribution;
    }
}
