namespace Lowrank.Diffusion;

/// <summary>
/// iPNDM (Zhang and Chen 2023, arXiv:2204.13902): Adams-Bashforth over the directions of the last steps, as if all steps were of one
/// length. ComfyUI's ipndm.
/// </summary>
/// <param name="order">Number of directions, 1 to 4.</param>
public sealed class AdamsBashforthSampler(int order = 4) : RatioSampler
{
    static readonly double[][] weights =
    [
        [1],
        [3.0 / 2, -1.0 / 2],
        [23.0 / 12, -16.0 / 12, 5.0 / 12],
        [55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24],
    ];

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var clean = step.Clean();
        if (step.IsLast) return clean;
        step.Keep(step.Direction(clean), order);
        return step.Y + step.Weighted(weights[step.History.Count - 1]) * (step.To - step.From);
    }
}
