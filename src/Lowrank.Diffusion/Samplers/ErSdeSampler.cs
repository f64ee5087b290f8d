namespace Lowrank.Diffusion;

/// <summary>
/// ER-SDE (Cui et al. 2023, arXiv:2309.06169): a stochastic solver of up to third order whose fresh noise follows a function of σ.
/// </summary>
/// <param name="stages">1 to 3.</param>
/// <param name="noiseScale">Multiplies the fresh noise; at 0 nothing is drawn.</param>
/// <param name="shape">φ(σ), of which the ratio over a step says how much of the old noise stays; null for <see cref="Extended"/>.</param>
public sealed class ErSdeSampler(int stages = 3, double noiseScale = 1, Func<double, double>? shape = null) : RatioSampler
{
    const int Points = 200;

    readonly Func<double, double> shape = shape ?? Extended;

    /// <summary>σ·(exp(σ^0.3) + 10): the authors' choice.</summary>
    public static double Extended(double sigma) => sigma * (Math.Exp(Math.Pow(sigma, 0.3)) + 10);

    /// <summary>σ^(η+1): the reverse-time equation with a share η of fresh noise; 0 is the ordinary equation.</summary>
    public static Func<double, double> ReverseTime(double eta) => sigma => Math.Pow(sigma, eta + 1);

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var clean = step.Clean();
        if (step.IsLast) return clean;
        step.Keep(clean, stages);
        var (from, to) = (step.From, step.To);
        double kept = shape(to) / shape(from);
        var y = kept * step.Y + (1 - kept) * clean;
        if (step.History.Count > 1) AddHigherOrders(y, step);
        double fresh = Math.Sqrt(Math.Max(to * to - from * from * kept * kept, 0));
        return fresh > 0 && noiseScale > 0 ? y.add_(step.Draw(), alpha: fresh * noiseScale) : y;
    }

    void AddHigherOrders(Tensor y, RatioStep step)
    {
        var (from, to) = (step.From, step.To);
        double length = to - from;
        var (zeroth, first) = Integrals(from, to);
        var slope = Slope(step, 0);
        y.add_(slope, alpha: length + zeroth * shape(to));
        if (step.History.Count < 3) return;
        var bend = (slope - Slope(step, 1)) / ((from - step.FromBefore(2)) / 2);
        y.add_(bend, alpha: length * length / 2 + first * shape(to));
    }

    // How the clean estimate changes with σ, over the two that begin so many steps before.
    static Tensor Slope(RatioStep step, int before) =>
        (step.History[before] - step.History[before + 1]) / (step.FromBefore(before) - step.FromBefore(before + 1));

    // ∫ 1/φ and ∫ (σ − from)/φ over the step, by a sum over the left ends of 200 parts, as its authors have it.
    (double Zeroth, double First) Integrals(double from, double to)
    {
        double part = (from - to) / Points, zeroth = 0, first = 0;
        for (int i = 0; i < Points; i++)
        {
            double sigma = to + i * part, weight = part / shape(sigma);
            zeroth += weight;
            first += (sigma - from) * weight;
        }
        return (zeroth, first);
    }
}
