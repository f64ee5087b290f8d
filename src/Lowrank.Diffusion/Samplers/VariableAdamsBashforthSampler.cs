namespace Lowrank.Diffusion;

/// <summary>
/// iPNDM for steps of unequal length, ComfyUI's ipndm_v: of the form that its authors gave it (github.com/zju-pi/diff-sampler), which from
/// the third order on is not the textbook's.
/// </summary>
/// <param name="order">Number of directions, 1 to 4.</param>
public sealed class VariableAdamsBashforthSampler(int order = 4) : RatioSampler
{
    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var clean = step.Clean();
        if (step.IsLast) return clean;
        step.Keep(step.Direction(clean), order);
        int present = step.History.Count;
        // Length of this step and of those before it, newest first.
        double[] h = [step.To - step.From, .. Enumerable.Range(1, present - 1).Select(j => step.FromBefore(j - 1) - step.FromBefore(j))];
        return step.Y + step.Weighted(Weights(h)) * h[0];
    }

    static double[] Weights(double[] h)
    {
        if (h.Length == 1) return [1];
        double ratio = h[0] / h[1];
        if (h.Length == 2) return [1 + ratio / 2, -ratio / 2];

        double two = h[0] + h[1], older = h[1] + h[2];
        double near = h[1] / h[2];
        double third = (1 - h[0] / (3 * two) * (h[0] * two) / (h[1] * older)) / 2;
        double[] weights = [1 + ratio / 2 + third, -ratio / 2 - (1 + near) * third, third * near];
        if (h.Length == 3) return weights;

        double three = two + h[2], oldest = h[2] + h[3];
        double fourth = ((1 - h[0] / (3 * two)) / 2 + (1 - h[0] / (2 * two)) * h[0] / (6 * three))
            * (h[0] * two * three) / (h[1] * older * (older + h[3]));
        double far = h[1] * older / (h[2] * oldest);
        return
        [
            weights[0] + fourth,
            weights[1] - (1 + near + far) * fourth,
            weights[2] + (near + far * (1 + h[2] / h[3])) * fourth,
            -fourth * far * near,
        ];
    }
}
