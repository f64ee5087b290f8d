namespace Lowrank.Diffusion;

/// <summary>Begins with noise alone.</summary>
public sealed class NoiseStart : LatentStart
{
    /// <inheritdoc/>
    public override Tensor Sample(SamplingPlan plan, Tensor noise) => noise * plan.StartScale;
}
