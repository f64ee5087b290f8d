namespace Lowrank.Diffusion;

/// <summary>Which noise levels a given number of steps visits.</summary>
/// <param name="name">What a user types: "karras".</param>
/// <param name="label">What AUTOMATIC1111 calls it, and writes into pictures: "Karras".</param>
public abstract class Schedule(string name, string label)
{
    /// <summary>What a user types.</summary>
    public string Name => name;

    /// <summary>What AUTOMATIC1111 calls it.</summary>
    public string Label => label;

    /// <summary>The fewest steps it can be asked for.</summary>
    public virtual int FewestSteps => 1;

    /// <summary>The plan of <paramref name="steps"/> steps over the levels of <paramref name="noise"/>.</summary>
    /// <exception cref="LowrankException">There are too few or more steps than levels.</exception>
    public SamplingPlan Plan(NoiseSchedule noise, int steps) => steps >= FewestSteps && steps <= noise.Count
        ? Make(noise, steps)
        : throw new LowrankException($"{steps} steps are not possible with the schedule {Name}: it takes {FewestSteps} to {noise.Count}.");

    /// <summary>The plan; <paramref name="steps"/> is in range.</summary>
    protected abstract SamplingPlan Make(NoiseSchedule noise, int steps);
}
