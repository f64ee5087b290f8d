namespace Lowrank.Diffusion;

/// <summary>Linear multistep of k-diffusion: integrates the polynomial through the last noise estimates over the step.</summary>
/// <param name="order">Number of estimates used, 1 to 4.</param>
public sealed class LmsSampler(int order = 4) : Sampler
{
    /// <summary>Whether a step to zero noise gives the clean estimate, as in ComfyUI; k-diffusion extrapolates there too.</summary>
    public bool EndsAtEstimate { get; init; }

    // Gauss-Legendre with four points is exact up to degree 7; the polynomials here have degree 3.
    static readonly (double At, double Weight)[] gauss =
    [
        (-0.8611363115940526, 0.3478548451374538), (-0.3399810435848563, 0.6521451548625461),
        (0.3399810435848563, 0.6521451548625461), (0.8611363115940526, 0.3478548451374538),
    ];

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        var prediction = context.Denoiser.Predict(x, from);
        if (from.Alpha == 0 || (to.Sigma == 0 && EndsAtEstimate)) return prediction.At(to);
        context.Keep(prediction.Noise.alias(), order);
        double[] nodes = [.. Enumerable.Range(0, context.History.Count).Select(j => context.Steps[i - j].From.Ratio)];
        var y = x / from.Alpha;
        for (int j = 0; j < nodes.Length; j++)
            y.add_(context.History[j], alpha: Integral(nodes, j, from.Ratio, to.Ratio));
        return y.mul_(to.Alpha);
    }

    // ∫ over [a, b] of the Lagrange polynomial that is 1 at nodes[j] and 0 at the others.
    static double Integral(double[] nodes, int j, double a, double b) => gauss.Sum(point =>
    {
        double s = (a + b) / 2 + (b - a) / 2 * point.At;
        double polynomial = 1;
        for (int k = 0; k < nodes.Length; k++)
            if (k != j) polynomial = polynomial * (s - nodes[k]) / (nodes[j] - nodes[k]);
        return point.Weight * (b - a) / 2 * polynomial;
    });
}
