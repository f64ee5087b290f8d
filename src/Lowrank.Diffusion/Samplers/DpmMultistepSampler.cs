namespace Lowrank.Diffusion;

/// <summary>
/// DPM-Solver++ multistep (Lu et al. 2022, arXiv:2211.01095): DPM++ 2M, and with η its stochastic forms 2M SDE and 3M SDE.
/// </summary>
/// <param name="order">1 to 3.</param>
/// <param name="eta">Share of fresh noise; 0 is the ordinary differential equation, 1 the stochastic one.</param>
/// <param name="heun">Second-order term by Heun's formula rather than the midpoint's; the third order always has it.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
public sealed class DpmMultistepSampler(int order = 2, double eta = 0, bool heun = false, double noiseScale = 1) : Sampler
{
    /// <summary>Whether the last step is of first order even where it does not end at zero.</summary>
    public bool FirstOrderLast { get; init; }

    /// <summary>Whether the last step but one is at most of second order.</summary>
    public bool SecondOrderBeforeLast { get; init; }

    /// <summary>Whether the noise estimate is integrated and not the clean one: DPM-Solver without the pluses.</summary>
    public bool OverNoise { get; init; }

    /// <summary>Whether the half in the third order's last weight has diffusers' sign, which is not the paper's.</summary>
    public bool HalfTurned { get; init; }

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var steps = context.Steps;
        var (from, to) = steps[i];
        var prediction = context.Denoiser.Predict(x, from);
        context.Keep((OverNoise ? prediction.Noise : prediction.Clean).alias(), order);
        if (to.Sigma == 0) return to.Alpha * prediction.Clean;

        var weights = OverNoise ? DpmStepWeights.OverNoise(from, to, eta) : DpmStepWeights.OverClean(from, to, eta);
        if (HalfTurned) weights = weights.HalfTurned(to);
        var m = context.History;
        var y = (x * weights.Sample).add_(m[0], alpha: weights.Constant);
        int present = Present(context.Plan.Steps.Count - 1 - i, m.Count);
        double h = to.LogSnr - from.LogSnr;
        if (present == 2)
        {
            y.add_((m[0] - m[1]) / LengthBefore(1), alpha: heun ? weights.Linear : weights.Half);
        }
        else if (present == 3)
        {
            double r0 = LengthBefore(1), r1 = LengthBefore(2);
            var (first, second) = ((m[0] - m[1]) / r0, (m[1] - m[2]) / r1);
            var bend = (first - second) / (r0 + r1);
            y.add_(first + r0 * bend, alpha: weights.Linear).add_(bend, alpha: weights.Quadratic);
        }
        if (weights.Fresh > 0) y.add_(context.Noise.Draw(from, to), alpha: weights.Fresh * noiseScale);
        return y;

        // Length of the j-th step before this one, as a multiple of h.
        double LengthBefore(int j) => (steps[i - j + 1].From.LogSnr - steps[i - j].From.LogSnr) / h;
    }

    int Present(int remaining, int known)
    {
        int present = Math.Min(order, known);
        if (remaining == 0 && FirstOrderLast) return 1;
        return remaining == 1 && SecondOrderBeforeLast ? Math.Min(present, 2) : present;
    }
}
