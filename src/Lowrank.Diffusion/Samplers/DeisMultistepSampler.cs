namespace Lowrank.Diffusion;

/// <summary>
/// DEIS (Zhang and Chen 2022, arXiv:2204.13902) in its form over ln ρ, ρ = σ/α: the polynomial in ln ρ through the last noise estimates is
/// integrated over ρ.
/// </summary>
/// <param name="order">Number of estimates, 1 to 3.</param>
public sealed class DeisMultistepSampler(int order = 2) : Sampler
{
    /// <summary>Whether the last step is of first order, and the one before at most of second.</summary>
    public bool LowerOrderLast { get; init; }

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        var prediction = context.Denoiser.Predict(x, from);
        context.Keep(prediction.Noise.alias(), order);
        if (to.Sigma == 0) return to.Alpha * prediction.Clean;

        int remaining = context.Plan.Steps.Count - i, present = Math.Min(order, context.History.Count);
        if (LowerOrderLast) present = Math.Min(present, remaining);
        double[] nodes = [.. Enumerable.Range(0, present).Select(j => Math.Log(context.Steps[i - j].From.Ratio))];
        var y = x / from.Alpha;
        for (int j = 0; j < present; j++)
            y.add_(context.History[j], alpha: Antiderivative(nodes, j, to.Ratio) - Antiderivative(nodes, j, from.Ratio));
        return y.mul_(to.Alpha);
    }

    // ∫ over ρ of the Lagrange polynomial in ln ρ that is 1 at nodes[j] and 0 at the others: with l = ln ρ,
    // ∫ dρ = ρ, ∫ (l − b) dρ = ρ·(l − b − 1), ∫ (l − b)(l − c) dρ = ρ·(l² − 2l + 2 − (b + c)·(l − 1) + b·c).
    static double Antiderivative(double[] nodes, int j, double rho)
    {
        double[] others = [.. nodes.Where((_, k) => k != j)];
        double l = Math.Log(rho), scale = others.Aggregate(1.0, (product, other) => product * (nodes[j] - other));
        double integral = others switch
        {
            [] => 1,
            [var b] => l - b - 1,
            [var b, var c] => l * l - 2 * l + 2 - (b + c) * (l - 1) + b * c,
            _ => throw new LowrankException($"DEIS has orders 1 to 3, not {nodes.Length}."),
        };
        return rho * integral / scale;
    }
}
