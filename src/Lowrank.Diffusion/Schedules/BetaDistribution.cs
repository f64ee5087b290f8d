namespace Lowrank.Diffusion;

/// <summary>The beta distribution on [0, 1].</summary>
public static class BetaDistribution
{
    /// <summary>
    /// The x below which a share <paramref name="p"/> of the distribution lies; by bisection, to the last digits of a double.
    /// </summary>
    public static double Quantile(double p, double alpha, double beta)
    {
        if (p <= 0) return 0;
        if (p >= 1) return 1;
        double low = 0, high = 1;
        for (int i = 0; i < 200 && high - low > 1e-16 * high; i++)
        {
            double middle = (low + high) / 2;
            if (Cumulative(middle, alpha, beta) < p) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>The share of the distribution below x: the regularized incomplete beta function.</summary>
    public static double Cumulative(double x, double alpha, double beta)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        // The continued fraction converges fast on one side of the mean; the other side is its mirror.
        if (x > (alpha + 1) / (alpha + beta + 2)) return 1 - Cumulative(1 - x, beta, alpha);
        double log = alpha * Math.Log(x) + beta * Math.Log(1 - x) + LogGamma(alpha + beta) - LogGamma(alpha) - LogGamma(beta);
        return Math.Exp(log) / alpha * Fraction(x, alpha, beta);
    }

    // NIST DLMF 8.17.22, by Lentz's method as Thompson and Barnett give it.
    static double Fraction(double x, double a, double b)
    {
        const double tiny = 1e-300;
        double value = 1, c = 1, d = 0;
        for (int i = 0; i <= 400; i++)
        {
            int m = i / 2;
            double numerator = i == 0 ? 1
                : i % 2 == 0 ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 + numerator * d;
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + numerator / c;
            if (Math.Abs(c) < tiny) c = tiny;
            value *= c * d;
            if (Math.Abs(1 - c * d) < 1e-16) break;
        }
        return value - 1;
    }

    // Lanczos with g = 7 and nine terms; 15 digits for positive arguments.
    static double LogGamma(double x)
    {
        double[] terms =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
            12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        if (x < 0.5) return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        double sum = terms[0];
        for (int i = 1; i < terms.Length; i++) sum += terms[i] / (x - 1 + i);
        double t = x + 6.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x - 0.5) * Math.Log(t) - t + Math.Log(sum);
    }
}
