namespace Lowrank.Diffusion;

/// <summary>Ways to spread n sigmas from a largest to a smallest; without the closing zero.</summary>
public static class Spread
{
    /// <summary>n numbers from a to b, evenly; one alone is a, as numpy has it.</summary>
    public static IEnumerable<double> Even(double a, double b, int n) =>
        Enumerable.Range(0, n).Select(i => n == 1 ? a : a + (b - a) * i / (n - 1));

    /// <summary>Karras et al. 2022 (arXiv:2206.00364), equation 5: even in σ^(1/ρ).</summary>
    public static IEnumerable<double> Karras(double max, double min, int n, double rho = 7) =>
        Even(Math.Pow(max, 1 / rho), Math.Pow(min, 1 / rho), n).Select(s => Math.Pow(s, rho));

    /// <summary>Even in ln σ.</summary>
    public static IEnumerable<double> Exponential(double max, double min, int n) => Even(Math.Log(max), Math.Log(min), n).Select(Math.Exp);

    /// <summary>Quantiles of the beta distribution (Lee et al. 2024, arXiv:2407.12173), over the sigmas themselves.</summary>
    public static IEnumerable<double> Beta(double max, double min, int n, double alpha = 0.6, double beta = 0.6) =>
        Even(1, 0, n).Select(p => min + (max - min) * BetaDistribution.Quantile(p, alpha, beta));
}
