namespace Lowrank.Diffusion;

/// <summary>What sampling begins with.</summary>
public abstract class LatentStart
{
    /// <summary>Noise alone.</summary>
    public static LatentStart Noise { get; } = new NoiseStart();

    /// <summary>How far up the way to noise it goes, 0 to 1; 1 is the whole plan.</summary>
    public virtual double Strength => 1;

    /// <summary>The sample at the plan's first level, and what goes along with it.</summary>
    /// <param name="preparation">The way that is sampled, and where draws come from.</param>
    public abstract LatentBeginning Begin(LatentPreparation preparation);
}
