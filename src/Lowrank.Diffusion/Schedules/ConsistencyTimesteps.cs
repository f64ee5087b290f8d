using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>The timesteps of LCM and TCD: a part of those that the network was distilled at.</summary>
public static class ConsistencyTimesteps
{
    /// <summary>The distilled timesteps that so many steps visit, falling.</summary>
    /// <param name="config">Levels, and how many were distilled: 50 of 1000.</param>
    /// <param name="steps">How many.</param>
    /// <exception cref="LowrankException">There are fewer.</exception>
    public static int[] Of(SchedulerConfig config, int steps)
    {
        int distilled = config.OriginalInferenceSteps, stride = config.TrainTimesteps / distilled;
        if (steps > distilled)
            throw new LowrankException(
                $"{steps} steps are not possible: the model was distilled at {distilled} timesteps. Take 4 to 8 steps.");
        return [.. Enumerable.Range(0, steps).Select(i => (distilled - (int)((double)distilled / steps * i)) * stride - 1)];
    }

    /// <summary>The plan over them, which ends without noise: LCM's.</summary>
    internal static SamplingPlan ToClean(NoiseSchedule noise, int steps) => Chained(noise, steps, NoiseLevel.Preserving(1, 0));

    /// <summary>The plan over them, which ends at the first level: TCD's.</summary>
    internal static SamplingPlan ToFirstLevel(NoiseSchedule noise, int steps) => Chained(noise, steps, TimestepSchedule.Level(noise, 0));

    static SamplingPlan Chained(NoiseSchedule noise, int steps, NoiseLevel end)
    {
        NoiseLevel[] levels = [.. Of(noise.Config, steps).Select(t => TimestepSchedule.Level(noise, t)), end];
        return new SamplingPlan([.. levels.Zip(levels.Skip(1), (from, to) => new SamplingStep(from, to))], 1, SigmaTable.Of(noise))
        {
            Clip = noise.Config.ClipSample ? noise.Config.ClipSampleRange : null,
        };
    }
}
