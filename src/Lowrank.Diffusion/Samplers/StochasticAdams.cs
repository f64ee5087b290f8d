using static Lowrank.Diffusion.Exponentials;

namespace Lowrank.Diffusion;

/// <summary>The weights of clean estimates in a step of the SA-Solver (Xue et al. 2023, arXiv:2309.05019, equations 15 and 18).</summary>
/// <remarks>Over u = λ − λ', where λ = −ln σ and λ' is the step's end: the step is u from −h to 0.</remarks>
static class StochasticAdams
{
    /// <summary>c·∫ exp(c·u)·L(u) du over the step for each node's Lagrange polynomial L, with c = 1 + τ².</summary>
    internal static double[] Weights(double[] nodes, double h, double tau)
    {
        double[] moments = Moments(nodes.Length, h, 1 + tau * tau);
        return [.. nodes.Select((_, j) => Lagrange(nodes, j).Zip(moments, (factor, moment) => factor * moment).Sum())];
    }

    /// <summary>The simpler formula for two nodes, newest first (appendix D).</summary>
    internal static double[] Simple(double[] nodes, double h, double tau, bool correcting)
    {
        double c = 1 + tau * tau, whole = -Expm1(-c * h);
        double newest = correcting ? c * h / 2 : whole - c * h * h / 2 / (nodes[1] - nodes[0]);
        return [newest, whole - newest];
    }

    // c·∫ exp(c·u)·u^p du from −h to 0, for p = 0, 1, ...: by parts, each from the one before.
    static double[] Moments(int count, double h, double c)
    {
        double fade = Math.Exp(-c * h);
        var moments = new double[count];
        moments[0] = -Expm1(-c * h);
        for (int p = 1; p < count; p++) moments[p] = -Math.Pow(-h, p) * fade - p / c * moments[p - 1];
        return moments;
    }

    // Coefficients of rising powers of the polynomial that is 1 at nodes[j] and 0 at the others.
    static double[] Lagrange(double[] nodes, int j)
    {
        var polynomial = new double[nodes.Length];
        polynomial[0] = 1;
        for (int k = 0; k < nodes.Length; k++)
        {
            if (k == j) continue;
            for (int power = nodes.Length - 1; power >= 0; power--)
            {
                double lower = power > 0 ? polynomial[power - 1] : 0;
                polynomial[power] = (lower - nodes[k] * polynomial[power]) / (nodes[j] - nodes[k]);
            }
        }
        return polynomial;
    }
}
