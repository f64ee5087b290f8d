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

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var steps = context.Steps;
        var (from, to) = steps[i];
        var clean = context.Denoiser.Predict(x, from).Clean;
        context.Keep(clean.alias(), order);
        if (to.Sigma == 0) return to.Alpha * clean;

        // In λ = ln(α/σ): h is the step's length, e = 1 − exp(−H) with H = (1+η)·h.
        double h = to.LogSnr - from.LogSnr, stretched = (1 + eta) * h;
        double e = -Expm1(-stretched);
        var y = x * (to.Sigma / from.Sigma * (eta == 0 ? 1 : Math.Exp(-eta * h)));
        y.add_(clean, alpha: to.Alpha * e);

        int remaining = context.Plan.Steps.Count - 1 - i;
        int present = Math.Min(order, context.History.Count);
        if (remaining == 0 && FirstOrderLast) present = 1;
        if (remaining == 1 && SecondOrderBeforeLast) present = Math.Min(present, 2);
        var m = context.History;
        double phi2 = 1 - e / stretched, phi3 = phi2 / stretched - 0.5;
        if (present == 2)
        {
            y.add_((m[0] - m[1]) / LengthBefore(1), alpha: to.Alpha * (heun ? phi2 : e / 2));
        }
        else if (present == 3)
        {
            double r0 = LengthBefore(1), r1 = LengthBefore(2);
            var (first, second) = ((m[0] - m[1]) / r0, (m[1] - m[2]) / r1);
            var bend = (first - second) / (r0 + r1);
            y.add_(first + r0 * bend, alpha: to.Alpha * phi2).add_(bend, alpha: -to.Alpha * phi3);
        }
        double fresh = eta == 0 ? 0 : to.Sigma * Math.Sqrt(-Expm1(-2 * eta * h));
        if (fresh > 0) y.add_(context.Noise.Draw(from, to), alpha: fresh * noiseScale);
        return y;

        // Length of the j-th step before this one, as a multiple of h.
        double LengthBefore(int j) => (steps[i - j + 1].From.LogSnr - steps[i - j].From.LogSnr) / h;
    }

    // exp(x) − 1 without losing the digits of a small x.
    static double Expm1(double x) => Math.Abs(x) < 1e-5 ? x + x * x / 2 : Math.Exp(x) - 1;
}
