namespace Lowrank.Diffusion;

/// <summary>The scheduler config's own timesteps, as DDIM and DDPM of diffusers take them (x = √ᾱ·x₀ + √(1−ᾱ)·ε).</summary>
/// <remarks>
/// A step ends levels/steps lower than it began, which for linspace and trailing spacing is not exactly where the next one begins.
/// </remarks>
public sealed class TimestepSchedule() : Schedule("timesteps", "Timesteps")
{
    /// <inheritdoc/>
    protected override SamplingPlan Make(NoiseSchedule noise, int steps)
    {
        var config = noise.Config;
        int stride = noise.Count / steps;
        var plan = Timesteps.Whole(config, steps).Select(t => new SamplingStep(Level(noise, t), Level(noise, t - stride)));
        return new SamplingPlan([.. plan], 1, SigmaTable.Of(noise))
        {
            Clip = config.ClipSample ? config.ClipSampleRange : null,
        };
    }

    /// <summary>DDPM's plan: each step ends where the next begins, and the last without noise.</summary>
    internal static SamplingPlan Chained(NoiseSchedule noise, int steps)
    {
        var levels = Timesteps.Whole(noise.Config, steps).Select(t => Level(noise, t)).Append(NoiseLevel.Preserving(1, 0)).ToArray();
        return new SamplingPlan([.. levels.Zip(levels.Skip(1), (from, to) => new SamplingStep(from, to))], 1, SigmaTable.Of(noise))
        {
            Clip = noise.Config.ClipSample ? noise.Config.ClipSampleRange : null,
        };
    }

    /// <summary>The level of a timestep; below 0 lies the end: no noise, or the first level's where the config says so.</summary>
    internal static NoiseLevel Level(NoiseSchedule noise, int timestep)
    {
        if (timestep >= 0) return NoiseLevel.Preserving(noise.AlphaBar(Math.Min(timestep, noise.Count - 1)), timestep);
        return NoiseLevel.Preserving(noise.Config.SetAlphaToOne ? 1 : noise.AlphaBar(0), 0);
    }
}
