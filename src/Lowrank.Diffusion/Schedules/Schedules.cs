namespace Lowrank.Diffusion;

/// <summary>The schedules there are: AUTOMATIC1111's (1.10), LCM's, three of ComfyUI's that differ, and those over timesteps.</summary>
public static class Schedules
{
    // Sabour et al. 2024, "Align Your Steps" (arXiv:2404.14507): ten steps found by search, for SD 1.5.
    static readonly double[] alignedSd = [14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029];

    // The same for SDXL.
    static readonly double[] alignedSdxl = [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029];

    static readonly NamedList<Schedule> list = new("schedule", schedule => [schedule.Name, schedule.Label],
    [
        new SigmaSchedule("karras", "Karras", (r, n) => [.. Spread.KarrasInSingles(r.Max, r.Min, n, r.Rho ?? 7), 0]),
        new SigmaSchedule("uniform", "Uniform", (r, n) => [.. AllTimesteps(r.Table, n), 0]),
        new SigmaSchedule("exponential", "Exponential", (r, n) => [.. Spread.ExponentialInSingles(r.Max, r.Min, n), 0]),
        new SigmaSchedule("polyexponential", "Polyexponential", (r, n) => [.. Spread.Polyexponential(r.Max, r.Min, n, r.Rho ?? 1), 0]),
        new SigmaSchedule("sgm_uniform", "SGM Uniform", (r, n) => [.. EvenTimesteps(r, n + 1).SkipLast(1), 0]),
        new SigmaSchedule("simple", "Simple", (r, n) => [.. EveryFromTheTop(r.Table, n), 0]),
        new SigmaSchedule("normal", "Normal", (r, n) => [.. EvenTimesteps(r, n), 0]),
        new SigmaSchedule("ddim_uniform", "DDIM", (r, n) => [.. EveryFromTheSecond(r.Table, n).Reverse(), 0]),
        // Ends at the smallest sigma, not at zero.
        new SigmaSchedule("kl_optimal", "KL Optimal", (r, n) => EvenAngles(r, n + 1)),
        new SigmaSchedule("align_your_steps", "Align Your Steps", (_, n) => [.. Spread.Logarithmic(alignedSd, n), 0]),
        new SigmaSchedule("align_your_steps_sdxl", "Align Your Steps SDXL", (_, n) => [.. Spread.Logarithmic(alignedSdxl, n), 0]),
        new SigmaSchedule("beta", "Beta", (r, n) => [.. Spread.Beta(r.Max, r.Min, n, r.Alpha, r.Beta), 0]),
        // AUTOMATIC1111's uniform over the timesteps of LCM.
        new SigmaSchedule("lcm_uniform", "LCM Uniform", (r, n) => [.. AllTimesteps(DistilledTimesteps.Table(r.Table), n), 0]),
        // ComfyUI's own: its beta spreads timesteps, its kl_optimal ends at zero.
        new SigmaSchedule("beta_timesteps", "Beta (timesteps)", (r, n) => [.. BetaTimesteps(r, n), 0]),
        new SigmaSchedule("kl_optimal_zero", "KL Optimal (to zero)", (r, n) => [.. EvenAngles(r, n), 0]),
        new SigmaSchedule("linear_quadratic", "Linear quadratic", (r, n) => LinearQuadratic(n).Select(share => share * r.Max)),
        // AUTOMATIC1111's of UniPC, by its "skip type".
        new UniPcSchedule("unipc_time_uniform", "UniPC time_uniform", (_, from, to, n) => Spread.Even(from, to, n + 1)),
        new UniPcSchedule("unipc_time_quadratic", "UniPC time_quadratic",
            (_, from, to, n) => Spread.Even(Math.Sqrt(from), Math.Sqrt(to), n + 1).Select(root => root * root)),
        new UniPcSchedule("unipc_logsnr", "UniPC logSNR",
            (table, from, to, n) => Spread.Even(table.LogSnr(from), table.LogSnr(to), n + 1).Select(table.TimeOf)),
        new TimestepSchedule(),
        new PndmTimestepSchedule(),
        new WebUiTimestepSchedule(),
    ]);

    /// <summary>Each with its names and its plan.</summary>
    public static IReadOnlyList<Schedule> All => list.All;

    /// <summary>Adds a schedule, where a program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or one of its names is taken.</exception>
    public static void Add(Schedule schedule) => list.Add(schedule);

    /// <summary>The schedule of that name or label.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are given.</exception>
    public static Schedule Named(string name) => list.Named(name);

    static IEnumerable<double> AllTimesteps(SigmaTable table, int n) =>
        Spread.EvenInSingles(table.Sigmas.Count - 1, 0, n).Select(table.AtTimestep);

    static IEnumerable<double> EvenTimesteps(SigmaRange range, int n) =>
        Spread.EvenInSingles(range.Table.Timestep(range.Max), range.Table.Timestep(range.Min), n).Select(range.Table.AtTimestep);

    static IEnumerable<double> EvenAngles(SigmaRange range, int n) =>
        Spread.Even(Math.Atan(range.Max), Math.Atan(range.Min), n).Select(Math.Tan);

    static IEnumerable<double> EveryFromTheTop(SigmaTable table, int n)
    {
        double stride = (double)table.Sigmas.Count / n;
        return Enumerable.Range(0, n).Select(i => table.Sigmas[^(1 + (int)(i * stride))]);
    }

    // Every so manieth level: begins below the largest sigma, and may have more steps than asked for.
    static IEnumerable<double> EveryFromTheSecond(SigmaTable table, int n)
    {
        int stride = Math.Max(table.Sigmas.Count / n, 1);
        return table.Sigmas.Where((_, i) => i >= 1 && (i - 1) % stride == 0);
    }

    // Levels at the quantiles of a beta distribution; those that fall together count once.
    static IEnumerable<double> BetaTimesteps(SigmaRange range, int n) => Enumerable.Range(0, n)
        .Select(i => BetaDistribution.Quantile(1 - (double)i / n, range.Alpha, range.Beta))
        .Select(share => (int)Math.Round(share * (range.Table.Sigmas.Count - 1)))
        .Distinct().Select(t => range.Table.Sigmas[t]);

    // Polyak et al. 2024, "Movie Gen" (arXiv:2410.13720), section 3.4.2: the first half of the steps removes 2.5 % of the noise, evenly;
    // then it falls with the square of the step, the slopes meeting where the halves do. As shares of the largest sigma, from 1 to 0.
    static IEnumerable<double> LinearQuadratic(int n)
    {
        const double threshold = 0.025;
        int linear = n / 2, rest = n - linear;
        if (linear == 0) return [1, 0];
        double slope = threshold / linear, bend = (linear - threshold * n) / (linear * (double)rest * rest);
        return Enumerable.Range(0, n + 1).Select(i => 1 - Removed(i));

        double Removed(int i)
        {
            if (i <= linear) return slope * i;
            return i == n ? 1 : slope * i + bend * (i - linear) * (i - linear);
        }
    }
}
