using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>
/// Plans of the sigma-based schedulers of diffusers: timesteps are spaced first, sigmas looked up, and then perhaps spread anew.
/// </summary>
public static class SpacedSigmas
{
    /// <summary>The plan of Euler, Heun, KDPM2 and LMS: noise added to an unscaled sample; a new spread spans the spaced sigmas.</summary>
    public static SamplingPlan Exploding(NoiseSchedule noise, int steps)
    {
        var config = noise.Config;
        var table = SigmaTable.Of(noise, NoiseSchedule.DiffusersFloor);
        double[] timesteps = Timesteps.Of(config, steps);
        double[] sigmas = [.. timesteps.Select(t => Linear(table, t))];
        // One sigma more than timesteps: diffusers then stops before the smallest.
        if (config.InterpolationType == "log_linear") sigmas = [.. Spread.Exponential(table.Max, table.Min, steps + 1)];
        if (Respread(config, config.SigmaMax ?? sigmas[0], config.SigmaMin ?? sigmas[^1], steps) is { } spread)
        {
            sigmas = spread;
            bool rounds = config is { UseKarrasSigmas: true, ClassName: "KDPM2DiscreteScheduler" or "KDPM2AncestralDiscreteScheduler" };
            timesteps = [.. sigmas.Select(table.Timestep).Select(t => rounds ? Math.Round(t) : t)];
        }
        sigmas = Singles([.. sigmas, Last(config, table)]);
        if (config.TimestepType == "continuous" && config.Prediction == PredictionType.Velocity)
            timesteps = [.. sigmas.Take(steps).Select(s => 0.25 * Math.Log(s))];

        double scale = config.Spacing == TimestepSpacing.Leading ? Math.Sqrt(sigmas[0] * sigmas[0] + 1) : sigmas[0];
        return new SamplingPlan([.. Enumerable.Range(0, steps).Select(i => new SamplingStep(Level(i), Level(i + 1)))], scale, table);

        NoiseLevel Level(int i) => NoiseLevel.Exploding(sigmas[i], i < steps ? timesteps[i] : 0);
    }

    /// <summary>
    /// The plan of DPM-Solver and UniPC: the variance is kept; a new spread spans the whole table, with timesteps rounded.
    /// </summary>
    public static SamplingPlan Preserving(NoiseSchedule noise, int steps) => Preserving(noise, steps, Last);

    /// <summary>The plan of DEIS: the same, but it never ends without noise; a new spread has its last sigma twice.</summary>
    public static SamplingPlan NeverClean(NoiseSchedule noise, int steps) =>
        Preserving(noise, steps, (config, table) => IsRespread(config) ? config.SigmaMin ?? table.Min : table.Min);

    /// <summary>The plan of DPM-Solver singlestep: the same with linspace spacing, whatever the config says.</summary>
    public static SamplingPlan Linspaced(NoiseSchedule noise, int steps) => Preserving(noise, steps, Last, TimestepSpacing.Linspace);

    static SamplingPlan Preserving(
        NoiseSchedule noise, int steps, Func<SchedulerConfig, SigmaTable, double> last, TimestepSpacing? spacing = null)
    {
        var config = noise.Config;
        var table = SigmaTable.Of(noise, NoiseSchedule.DiffusersFloor);
        int visited = table.Sigmas.Count(sigma => -Math.Log(sigma) >= config.LambdaMinClipped);
        var spaced = config with { Spacing = spacing ?? config.Spacing, TrainTimesteps = visited };
        // One step more than asked for is spaced, and the lowest dropped; trailing spacing has none to drop.
        double[] timesteps = spaced.Spacing == TimestepSpacing.Trailing
            ? Timesteps.Of(spaced, steps)
            : [.. Timesteps.Of(spaced, steps + 1).Take(steps).Select(t => Math.Round(t))];
        double[] sigmas = [.. timesteps.Select(t => Linear(table, t))];
        var spread = config.UseLuLambdas
            ? [.. Spread.Exponential(table.Max, table.Min, steps)]
            : Respread(config, config.SigmaMax ?? table.Max, config.SigmaMin ?? table.Min, steps);
        if (spread is not null)
        {
            sigmas = spread;
            bool isCosine = config is { ClassName: "DPMSolverMultistepScheduler", BetaSchedule: "squaredcos_cap_v2" };
            bool round = (config.UseKarrasSigmas || config.UseLuLambdas) && !isCosine;
            // diffusers keeps them as integers: what is not rounded is cut off.
            timesteps = [.. sigmas.Select(table.Timestep).Select(t => round ? Math.Round(t) : Math.Truncate(t))];
        }
        sigmas = Singles([.. sigmas, last(config, table)]);
        return new SamplingPlan([.. Enumerable.Range(0, steps).Select(i => new SamplingStep(Level(i), Level(i + 1)))], 1, table);

        NoiseLevel Level(int i) => NoiseLevel.PreservingRatio(sigmas[i], i < steps ? timesteps[i] : 0);
    }

    static bool IsRespread(SchedulerConfig config) => config.UseKarrasSigmas || config.UseExponentialSigmas || config.UseBetaSigmas;

    static double[]? Respread(SchedulerConfig config, double max, double min, int steps) => config switch
    {
        { UseKarrasSigmas: true } => [.. Spread.Karras(max, min, steps)],
        { UseExponentialSigmas: true } => [.. Spread.Exponential(max, min, steps)],
        { UseBetaSigmas: true } => [.. Spread.Beta(max, min, steps)],
        _ => null,
    };

    static double Last(SchedulerConfig config, SigmaTable table) => config.FinalSigmasType == "sigma_min" ? table.Min : 0;

    // Between two levels diffusers interpolates σ itself here, not its logarithm.
    static double Linear(SigmaTable table, double timestep)
    {
        int low = Math.Clamp((int)timestep, 0, table.Sigmas.Count - 1), high = Math.Min(low + 1, table.Sigmas.Count - 1);
        return table.Sigmas[low] + (timestep - low) * (table.Sigmas[high] - table.Sigmas[low]);
    }

    static double[] Singles(double[] values) => [.. values.Select(v => (double)(float)v)];
}
