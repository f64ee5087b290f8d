namespace Lowrank.Training;

/// <summary>The element losses and their thresholds, as in sd-scripts.</summary>
public static class ElementLosses
{
    /// <summary>The loss of each entry, in the shape of <paramref name="prediction"/>.</summary>
    /// <param name="prediction">(B, C, H, W).</param>
    /// <param name="target">The same shape.</param>
    /// <param name="loss">Which.</param>
    /// <param name="threshold">c of each sample, (B); for the two Huber losses.</param>
    public static Tensor Of(Tensor prediction, Tensor target, ElementLoss loss, Tensor? threshold = null)
    {
        using var scope = NewDisposeScope();
        var difference = prediction - target;
        return scope.MoveToOuter(loss switch
        {
            ElementLoss.L2 => difference.square(),
            ElementLoss.L1 => difference.abs(),
            ElementLoss.Huber => 2 * Threshold() * Beyond(),
            ElementLoss.SmoothL1 => 2 * Beyond(),
            _ => throw new LowrankException($"no element loss {loss}"),
        });

        Tensor Threshold()
        {
            long[] ones = [.. Enumerable.Repeat(1L, (int)prediction.dim() - 1)];
            return threshold?.reshape([-1, .. ones]) ?? throw new LowrankException($"the loss {loss} needs a threshold");
        }

        Tensor Beyond() => (difference.square() + Threshold().square()).sqrt() - Threshold();
    }

    /// <summary>The threshold c of each timestep, (B) float32.</summary>
    /// <param name="schedule">How it falls.</param>
    /// <param name="timesteps">(B) of integers.</param>
    /// <param name="noise">The noise levels.</param>
    /// <param name="c">Threshold at the last level, above 0.</param>
    /// <param name="scale">Multiplies it, but for <see cref="HuberSchedule.Snr"/>.</param>
    public static Tensor HuberThreshold(HuberSchedule schedule, Tensor timesteps, NoiseSchedule noise, double c = 0.1, double scale = 1)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(schedule switch
        {
            HuberSchedule.Snr => (1 - c) / (Sigma() + 1).square() + c,
            HuberSchedule.Exponential => (timesteps.to(ScalarType.Float32) * (Math.Log(c) / noise.Count)).exp() * scale,
            HuberSchedule.Constant => full(timesteps.shape, c * scale, ScalarType.Float32, timesteps.device),
            _ => throw new LowrankException($"no Huber schedule {schedule}"),
        });

        Tensor Sigma()
        {
            var alphaBar = noise.AlphasCumprod.index_select(0, timesteps);
            return ((1 - alphaBar) / alphaBar).sqrt();
        }
    }
}
