namespace Lowrank.Diffusion;

/// <summary>
/// PNDM's timesteps without its Runge-Kutta warm-up, as diffusers takes them: n+1 steps, the second of which does the first again.
/// </summary>
public sealed class PndmTimestepSchedule() : Schedule("pndm_timesteps", "PNDM")
{
    /// <summary>Steps of the warm-up.</summary>
    internal const int WarmUp = 3;

    const int FewestWarmedUp = WarmUp + 1;

    /// <summary>The plan with the warm-up: three steps that each ask four times, and then as many as are left.</summary>
    internal static SamplingPlan WarmedUp(NoiseSchedule noise, int steps)
    {
        if (steps < FewestWarmedUp)
            throw new LowrankException(
                $"{steps} steps are not possible with PNDM's warm-up (skip_prk_steps false): it takes {FewestWarmedUp} at least.");
        int stride = noise.Count / steps;
        int[] timesteps = Timesteps.Whole(noise.Config, steps);
        var plan = timesteps.Select((t, i) => new SamplingStep(TimestepSchedule.Level(noise, t), TimestepSchedule.Level(noise, End(i))));
        return new SamplingPlan([.. plan], 1, SigmaTable.Of(noise)) { WarmUpHalf = stride / 2 };

        int End(int i) => i < WarmUp ? timesteps[i + 1] : timesteps[i] - stride;
    }

    /// <inheritdoc/>
    protected override SamplingPlan Make(NoiseSchedule noise, int steps)
    {
        int stride = noise.Count / steps;
        int[] timesteps = Timesteps.Whole(noise.Config, steps);
        var plan = timesteps.Select(t => new SamplingStep(Level(t), Level(t - stride))).ToList();
        // The network is asked at the second timestep; the step itself leads from a stride above it.
        if (steps > 1) plan.Insert(1, new SamplingStep(Level(timesteps[1] + stride) with { Timestep = timesteps[1] }, Level(timesteps[1])));
        return new SamplingPlan(plan, 1, SigmaTable.Of(noise)) { RepeatsSecond = steps > 1 };

        NoiseLevel Level(int timestep) => TimestepSchedule.Level(noise, timestep);
    }
}
