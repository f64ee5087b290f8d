using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Timesteps spread over the training levels, first to last as sampling goes: falling.</summary>
public static class Timesteps
{
    /// <summary>
    /// <paramref name="steps"/> timesteps by the spacing of <paramref name="config"/>; linspace gives numbers between levels.
    /// </summary>
    /// <param name="config">Levels, spacing and offset.</param>
    /// <param name="steps">How many.</param>
    public static double[] Of(SchedulerConfig config, int steps)
    {
        int levels = config.TrainTimesteps;
        return config.Spacing switch
        {
            TimestepSpacing.Linspace => [.. Spread.Even(levels - 1, 0, steps)],
            TimestepSpacing.Leading => [.. Enumerable.Range(0, steps).Reverse().Select(Leading)],
            _ => [.. Enumerable.Range(0, steps).Select(Trailing)],
        };

        double Leading(int i) => Math.Min((double)i * (levels / steps) + config.StepsOffset, levels - 1);
        double Trailing(int i) => Math.Round(levels - i * ((double)levels / steps)) - 1;
    }

    /// <summary>The same rounded to levels, half to even as numpy rounds.</summary>
    public static int[] Whole(SchedulerConfig config, int steps) => [.. Of(config, steps).Select(t => (int)Math.Round(t))];
}
