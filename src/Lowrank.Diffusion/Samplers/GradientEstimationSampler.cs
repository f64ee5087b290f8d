namespace Lowrank.Diffusion;

/// <summary>
/// Euler's step with the direction carried on as it has changed since the last one (Permenter and Yuan 2024, arXiv:2306.04848), as ComfyUI
/// has it.
/// </summary>
/// <param name="gamma">How far it is carried on; 1 is Euler.</param>
/// <param name="cfgPp">With CFG++ (Chung et al. 2024, arXiv:2406.08070).</param>
public sealed class GradientEstimationSampler(double gamma = 2, bool cfgPp = false) : RatioSampler
{
    /// <inheritdoc/>
    public override bool AsksNegative => cfgPp;

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var (clean, unguided) = cfgPp ? step.Both() : (step.Clean(), null!);
        if (step.IsLast) return clean;
        var direction = step.Direction(cfgPp ? unguided : clean);
        var y = clean + direction * step.To;
        if (step.History.Count > 0) y.add_(direction - step.History[0], alpha: (gamma - 1) * (step.To - step.From));
        step.Keep(direction, 1);
        return y;
    }
}
