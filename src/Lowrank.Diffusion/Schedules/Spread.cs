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

    /// <summary>Even in (ln σ)^(1/ρ); at ρ = 1 in ln σ.</summary>
    public static IEnumerable<double> Polyexponential(double max, double min, int n, double rho) =>
        Even(1, 0, n).Select(share => Math.Exp(Math.Log(min) + Math.Pow(share, rho) * Math.Log(max / min)));

    /// <summary>
    /// The variance-preserving diffusion of Song et al. 2021 (arXiv:2011.13456), evenly in time from 1 to <paramref name="last"/>.
    /// </summary>
    /// <param name="n">How many.</param>
    /// <param name="slope">How fast β grows.</param>
    /// <param name="lowest">β at time 0.</param>
    /// <param name="last">The last time.</param>
    public static IEnumerable<double> VariancePreserving(int n, double slope = 19.9, double lowest = 0.1, double last = 1e-3) =>
        Even(1, last, n).Select(t => Math.Sqrt(Math.Exp(slope * t * t / 2 + lowest * t) - 1));

    /// <summary>Quantiles of a Laplace distribution of ln σ (Hang and Gu 2024, arXiv:2407.03297), within bounds.</summary>
    /// <param name="max">The largest.</param>
    /// <param name="min">The smallest.</param>
    /// <param name="n">How many.</param>
    /// <param name="mean">Of ln σ.</param>
    /// <param name="scale">Its spread.</param>
    public static IEnumerable<double> Laplace(double max, double min, int n, double mean = 0, double scale = 0.5) => Even(0, 1, n)
        .Select(share => Math.Exp(mean - scale * Math.Sign(0.5 - share) * Math.Log(1 - 2 * Math.Abs(0.5 - share) + 1e-5)))
        .Select(sigma => Math.Clamp(sigma, min, max));

    /// <summary>Anchors as they are for their own number, else interpolated in ln σ.</summary>
    public static IEnumerable<double> Logarithmic(IReadOnlyList<double> anchors, int n) =>
        n == anchors.Count ? anchors : Even(0, anchors.Count - 1, n).Select(at =>
        {
            int low = Math.Min((int)at, anchors.Count - 2);
            return Math.Exp(Math.Log(anchors[low]) + (at - low) * (Math.Log(anchors[low + 1]) - Math.Log(anchors[low])));
        });

    /// <summary>n numbers from a to b as torch.linspace rounds them to float32: from both ends to the middle.</summary>
    public static IEnumerable<double> EvenInSingles(double a, double b, int n)
    {
        float first = (float)a, last = (float)b, step = n > 1 ? (last - first) / (n - 1) : 0;
        return Enumerable.Range(0, n).Select(At);

        double At(int i)
        {
            bool isFirstHalf = i < n / 2 || n == 1;
            return (float)(isFirstHalf ? first + (double)step * i : last - (double)step * (n - 1 - i));
        }
    }

    /// <summary>
    /// <see cref="Karras"/> in float32 operations, as k-diffusion and the programs on it compute it: a Brownian motion tells sigmas apart
    /// by their last digit.
    /// </summary>
    public static IEnumerable<double> KarrasInSingles(double max, double min, int n, double rho = 7)
    {
        float high = (float)Math.Pow(max, 1 / rho), span = (float)(Math.Pow(min, 1 / rho) - Math.Pow(max, 1 / rho));
        return EvenInSingles(0, 1, n).Select(share => (float)share * span).Select(part => (double)(float)Math.Pow(high + part, rho));
    }

    /// <summary><see cref="Exponential"/> in float32 operations, as k-diffusion computes it.</summary>
    public static IEnumerable<double> ExponentialInSingles(double max, double min, int n) =>
        EvenInSingles(Math.Log(max), Math.Log(min), n).Select(log => (double)(float)Math.Exp(log));
}
