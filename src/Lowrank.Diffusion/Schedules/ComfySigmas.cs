namespace Lowrank.Diffusion;

/// <summary>
/// The lists of sigmas that ComfyUI's samplers and schedulers work on (comfy/samplers.py at a125cd8), rounded to float32 as there.
/// </summary>
public static class ComfySigmas
{
    // ComfyUI's names that mean another formula here.
    static readonly (string Theirs, string Ours)[] renamed = [("beta", "beta_timesteps"), ("kl_optimal", "kl_optimal_zero")];

    static readonly string[] discardPenultimate = ["dpm_2", "dpm_2_ancestral", "uni_pc", "uni_pc_bh2"];

    /// <summary>Its schedules, in its order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "simple", "sgm_uniform", "karras", "exponential", "ddim_uniform", "beta", "normal", "linear_quadratic", "kl_optimal",
    ];

    /// <summary>The name that one of its schedules has in <see cref="Schedules.All"/>.</summary>
    public static string OurName(string scheduler) => renamed.FirstOrDefault(one => one.Theirs == scheduler).Ours ?? scheduler;

    // AUTOMATIC1111's, which over the whole range has the same levels.
    const string Uniform = "uniform", Normal = "normal";

    /// <summary>ComfyUI's name for one of <see cref="Schedules.All"/>; null where it has none.</summary>
    public static string? NameOf(string schedule) =>
        schedule == Uniform ? Normal : Names.FirstOrDefault(name => OurName(name) == schedule);

    /// <summary>Whether the KSampler node drops the σ before the last for a sampler of that name.</summary>
    public static bool DropsOne(string sampler) => discardPenultimate.Contains(sampler);

    /// <summary>The sigmas of a schedule.</summary>
    /// <param name="scheduler">ComfyUI's name for it.</param>
    /// <param name="table">σ of the model's timesteps.</param>
    /// <param name="steps">How many steps; "ddim_uniform" may give more.</param>
    /// <exception cref="LowrankException">ComfyUI has no such schedule; the nearest names are given.</exception>
    public static double[] Of(string scheduler, SigmaTable table, int steps) => Of(scheduler, new SigmaRange(table), steps);

    /// <summary>Those of the BetaSamplingScheduler node: "beta" with parameters.</summary>
    /// <param name="table">σ of the model's timesteps.</param>
    /// <param name="steps">How many steps at most.</param>
    /// <param name="alpha">α of the beta distribution.</param>
    /// <param name="beta">Its β.</param>
    public static double[] Beta(SigmaTable table, int steps, double alpha, double beta) =>
        Of("beta", new SigmaRange(table) { Alpha = alpha, Beta = beta }, steps);

    /// <summary>Those of the BasicScheduler node: the last steps of a longer schedule where less than all is to be denoised.</summary>
    /// <param name="scheduler">ComfyUI's name of the schedule.</param>
    /// <param name="table">σ of the model's timesteps.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="denoise">Share of the noise, 0 to 1; 0 gives an empty list.</param>
    public static double[] Basic(string scheduler, SigmaTable table, int steps, double denoise = 1) =>
        Partly(steps, denoise, whole: 1, many => Of(scheduler, table, many));

    /// <summary>Those of the KSampler node, which spaces one step more for some samplers and drops the σ before the last.</summary>
    /// <param name="sampler">ComfyUI's name of the sampler.</param>
    /// <param name="scheduler">Of the schedule.</param>
    /// <param name="table">σ of the model's timesteps.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="denoise">Share of the noise, 0 to 1; 0 gives an empty list.</param>
    public static double[] ForKSampler(string sampler, string scheduler, SigmaTable table, int steps, double denoise = 1)
    {
        bool discards = DropsOne(sampler);
        return Partly(steps, denoise, whole: 0.9999, Spaced);

        double[] Spaced(int many)
        {
            double[] sigmas = Of(scheduler, table, discards ? many + 1 : many);
            return discards ? [.. sigmas.SkipLast(2), sigmas[^1]] : sigmas;
        }
    }

    /// <summary>
    /// The stretch of a list that KSampler (Advanced) goes; null where there is nothing to do and the latent stays as it is.
    /// </summary>
    /// <param name="sigmas">The whole list.</param>
    /// <param name="start">Step to begin with.</param>
    /// <param name="end">Step to end before.</param>
    /// <param name="toZero">Whether an earlier end removes all noise at once.</param>
    public static double[]? Between(IReadOnlyList<double> sigmas, int start, int end, bool toZero)
    {
        double[] kept = [.. sigmas];
        if (end < kept.Length - 1)
        {
            kept = kept[..(end + 1)];
            if (toZero) kept[^1] = 0;
        }
        return start < kept.Length - 1 ? kept[start..] : null;
    }

    /// <summary>Those of the KarrasScheduler node.</summary>
    public static double[] Karras(int steps, double max, double min, double rho) =>
        Singles([.. Spread.KarrasInSingles(max, min, steps, rho), 0]);

    /// <summary>Those of the ExponentialScheduler node.</summary>
    public static double[] Exponential(int steps, double max, double min) => Singles([.. Spread.ExponentialInSingles(max, min, steps), 0]);

    /// <summary>Those of the PolyexponentialScheduler node.</summary>
    public static double[] Polyexponential(int steps, double max, double min, double rho) =>
        Singles([.. Spread.Polyexponential(max, min, steps, rho), 0]);

    /// <summary>Those of the LaplaceScheduler node, which do not end at zero.</summary>
    public static double[] Laplace(int steps, double max, double min, double mean, double scale) =>
        Singles([.. Spread.Laplace(max, min, steps, mean, scale)]);

    /// <summary>Those of the VPScheduler node.</summary>
    public static double[] VariancePreserving(int steps, double slope, double lowest, double last) =>
        Singles([.. Spread.VariancePreserving(steps, slope, lowest, last), 0]);

    /// <summary>Those of the SDTurboScheduler node: of the timesteps 999, 899, ..., 99.</summary>
    /// <param name="table">σ of the model's timesteps.</param>
    /// <param name="steps">How many steps, 1 to 10.</param>
    /// <param name="denoise">Share of the noise, 0 to 1: where of the ten to begin.</param>
    public static double[] Turbo(SigmaTable table, int steps, double denoise = 1)
    {
        int first = 10 - (int)(10 * denoise);
        return Singles([.. Enumerable.Range(1, 10).Reverse().Skip(first).Take(steps).Select(i => table.AtTimestep(i * 100 - 1)), 0]);
    }

    /// <summary>Those of the AlignYourStepsScheduler node (Sabour et al. 2024, arXiv:2404.14507).</summary>
    /// <param name="model">"SD1", "SDXL" or "SVD".</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="denoise">Share of them that is left, 0 to 1; 0 gives an empty list.</param>
    /// <exception cref="LowrankException">There is no table of that model.</exception>
    public static double[] AlignYourSteps(string model, int steps, double denoise = 1) =>
        LastOf(Spread.Logarithmic(AlignedSteps.Of(model), steps + 1), steps, denoise);

    /// <summary>Those of the GITSScheduler node (Chen et al. 2024, arXiv:2405.11326).</summary>
    /// <param name="coefficient">0.80 to 1.50 in steps of 0.05: the higher, the lower the sigmas on which the steps gather.</param>
    /// <param name="steps">How many steps, at least 2; more than 20 are interpolated.</param>
    /// <param name="denoise">Share of them that is left, 0 to 1; 0 gives an empty list.</param>
    /// <exception cref="LowrankException">There is no table of that coefficient, or fewer than 2 steps are asked for.</exception>
    public static double[] Gits(double coefficient, int steps, double denoise = 1) =>
        LastOf(GitsSteps.Of(coefficient, steps), steps, denoise);

    // The last steps of a list, ending at zero.
    static double[] LastOf(IEnumerable<double> sigmas, int steps, double denoise)
    {
        if (denoise <= 0) return [];
        int kept = denoise < 1 ? (int)Math.Round(steps * denoise) : steps;
        double[] last = Singles([.. sigmas.TakeLast(kept + 1)]);
        last[^1] = 0;
        return last;
    }

    static double[] Of(string scheduler, SigmaRange range, int steps)
    {
        if (!Names.Contains(scheduler))
            throw new LowrankException(
                $"ComfyUI has no scheduler \"{scheduler}\" ({NearestNames.Told(scheduler, [.. Names])}).");
        return Singles(((SigmaSchedule)Schedules.Named(OurName(scheduler))).Sigmas(range, steps));
    }

    static double[] Partly(int steps, double denoise, double whole, Func<int, double[]> spaced)
    {
        if (denoise <= 0) return [];
        return denoise >= whole ? spaced(steps) : [.. spaced((int)(steps / denoise)).TakeLast(steps + 1)];
    }

    static double[] Singles(double[] values) => [.. values.Select(value => (double)(float)value)];
}
