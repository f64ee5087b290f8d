namespace Lowrank.Diffusion;

/// <summary>
/// The timesteps of AUTOMATIC1111's DDIM and PLMS: 1, 1 + 1000/n, ... upwards, walked down and left at the first; one evaluation fewer than
/// steps.
/// </summary>
public sealed class WebUiTimestepSchedule() : Schedule("webui_timesteps", "Web UI timesteps")
{
    /// <inheritdoc/>
    public override int FewestSteps => 2;

    /// <inheritdoc/>
    protected override SamplingPlan Make(NoiseSchedule noise, int steps)
    {
        var levels = Rising(noise.Count, steps).Reverse().Select(t => NoiseLevel.Preserving(noise.AlphaBar(t), t)).ToArray();
        return new SamplingPlan([.. levels.Zip(levels.Skip(1), (from, to) => new SamplingStep(from, to))], 1, SigmaTable.Of(noise));
    }

    /// <summary>The timesteps themselves, rising.</summary>
    /// <param name="levels">Number of the model's timesteps.</param>
    /// <param name="steps">How many steps are asked for; one timestep more where the levels are no multiple.</param>
    public static int[] Rising(int levels, int steps)
    {
        int stride = levels / steps;
        return [.. Enumerable.Range(0, (levels + stride - 1) / stride).Select(i => Math.Min(i * stride + 1, levels - 1))];
    }
}
