namespace Lowrank.Models;

/// <summary>β and ᾱ of every level that a model was trained on, as its settings say them.</summary>
/// <remarks>
/// Ho et al. 2020 (arXiv:2006.11239); Lin et al. 2023 (arXiv:2305.08891, algorithm 1) for the rescale to zero terminal SNR. Every function
/// is told how to round: to float32 after each operation as diffusers does, or not at all.
/// </remarks>
public static class BetaTable
{
    // Half a float16's last digit; by more than that, stored ᾱ are others than the β's.
    const double Rounding = 1.0 / (1 << 11);

    /// <summary>β of every level, rescaled where the settings say so.</summary>
    public static double[] Of(SchedulerConfig config, Func<double, double> round)
    {
        double[] betas = [.. Given(config, round)];
        return config.RescaleBetasZeroSnr ? RescaleToZeroSnr(betas, round) : betas;
    }

    /// <summary>Whether ᾱ that a checkpoint holds are others than those of its β, and not only rounded.</summary>
    /// <param name="stored">Those that it holds; null where it holds none.</param>
    /// <param name="computed">Those of its β.</param>
    public static bool IsOther(IReadOnlyList<double>? stored, double[] computed)
    {
        return stored is not null && stored.Count == computed.Length && stored.Zip(computed).Any(Differs);

        static bool Differs((double Stored, double Computed) pair) =>
            Math.Abs(pair.Stored - pair.Computed) > Rounding * (pair.Computed + Rounding);
    }

    static IEnumerable<double> Given(SchedulerConfig config, Func<double, double> round)
    {
        int count = config.TrainTimesteps;
        if (config.TrainedBetas is { } given) return given.Select(round);
        return config.BetaSchedule switch
        {
            "linear" => Linspace(config.BetaStart, config.BetaEnd, count, round),
            "scaled_linear" => Linspace(Math.Sqrt(config.BetaStart), Math.Sqrt(config.BetaEnd), count, round)
                .Select(root => round(root * root)),
            _ => Enumerable.Range(0, count).Select(i => round(Math.Min(1 - Cosine((i + 1.0) / count) / Cosine((double)i / count), 0.999))),
        };

        // Nichol and Dhariwal 2021 (arXiv:2102.09672), equation 17.
        static double Cosine(double t) => Math.Pow(Math.Cos((t + 0.008) / 1.008 * Math.PI / 2), 2);
    }

    // From both ends to the middle, with a fused multiply-add, as torch does it.
    static IEnumerable<double> Linspace(double start, double end, int count, Func<double, double> round)
    {
        (start, end) = (round(start), round(end));
        double step = round(round(end - start) / Math.Max(count - 1, 1));
        return Enumerable.Range(0, count).Select(i => round(i < count / 2 ? start + step * i : end - step * (count - 1 - i)));
    }

    /// <summary>ᾱ of every level: torch multiplies up in float64 and rounds what it stores.</summary>
    public static double[] CumulativeAlphas(double[] betas, Func<double, double> round)
    {
        double product = 1;
        return [.. betas.Select(beta => round(product *= round(1 - beta)))];
    }

    static double[] RescaleToZeroSnr(double[] betas, Func<double, double> round) =>
        OfAlphas(Stretched(CumulativeAlphas(betas, round), round), round);

    /// <summary>ᾱ of which the first stays and the last becomes 0.</summary>
    public static double[] Stretched(double[] alphaBar, Func<double, double> round)
    {
        double[] signal = [.. alphaBar.Select(a => round(Math.Sqrt(a)))];
        var (first, last) = (signal[0], signal[^1]);
        double factor = round(first / round(first - last));
        return [.. signal.Select(s => round(round(s - last) * factor)).Select(s => round(s * s))];
    }

    /// <summary>β of which given ᾱ are.</summary>
    public static double[] OfAlphas(IReadOnlyList<double> alphaBar, Func<double, double>? round = null)
    {
        round ??= value => value;
        return [round(1 - alphaBar[0]), .. alphaBar.Zip(alphaBar.Skip(1), (before, after) => round(1 - round(after / before)))];
    }
}
