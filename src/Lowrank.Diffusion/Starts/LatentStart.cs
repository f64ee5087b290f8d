namespace Lowrank.Diffusion;

/// <summary>What sampling begins with.</summary>
public abstract class LatentStart
{
    /// <summary>Noise alone.</summary>
    public static LatentStart Noise { get; } = new NoiseStart();

    /// <summary>How far up the way to noise it goes, 0 to 1; 1 is the whole plan.</summary>
    public virtual double Strength => 1;

    /// <summary>Why no picture of a size can begin so, a sentence each without its end; none where it can.</summary>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    public virtual IEnumerable<string> Faults(int width, int height) => [];

    /// <summary>The sample at the plan's first level, and what goes along with it.</summary>
    /// <param name="preparation">The way that is sampled, and where draws come from.</param>
    public abstract LatentBeginning Begin(LatentPreparation preparation);
}
