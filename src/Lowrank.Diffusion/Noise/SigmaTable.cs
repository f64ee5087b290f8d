namespace Lowrank.Diffusion;

/// <summary>
/// Leads between timesteps and sigmas by interpolating ln σ over the training levels, as k-diffusion's DiscreteSchedule does.
/// </summary>
public sealed class SigmaTable
{
    readonly double[] logs;

    /// <summary>A table of rising sigmas, one per timestep.</summary>
    public SigmaTable(IReadOnlyList<double> sigmas)
        : this(sigmas, value => (float)value)   // float32 in all peers; diffusers cuts 998.99997 to 998
    {
    }

    SigmaTable(IReadOnlyList<double> sigmas, Func<double, double> round) =>
        (Sigmas, logs) = (sigmas, [.. sigmas.Select(s => round(Math.Log(s)))]);

    /// <summary>The table of <paramref name="noise"/>, whose last ᾱ is <paramref name="floor"/> where it is zero.</summary>
    public static SigmaTable Of(NoiseSchedule noise, double floor = NoiseSchedule.WebUiFloor) => new(noise.Sigmas(floor), noise.Round);

    /// <summary>The same of sigmas as ComfyUI computes them (<see cref="NoiseSchedule.ExactSigmas"/>).</summary>
    public static SigmaTable ExactOf(NoiseSchedule noise) => new(noise.ExactSigmas());

    /// <summary>σ of every timestep, rising.</summary>
    public IReadOnlyList<double> Sigmas { get; }

    /// <summary>The smallest.</summary>
    public double Min => Sigmas[0];

    /// <summary>The largest.</summary>
    public double Max => Sigmas[^1];

    /// <summary>σ of a timestep, which may lie between two.</summary>
    public double AtTimestep(double timestep)
    {
        double t = Math.Clamp(timestep, 0, logs.Length - 1);
        int low = (int)Math.Floor(t), high = (int)Math.Ceiling(t);
        double w = t - low;
        return Math.Exp((1 - w) * logs[low] + w * logs[high]);
    }

    /// <summary>The timestep of σ, between two levels; clamped to the table.</summary>
    public double Timestep(double sigma)
    {
        double log = Math.Log(Math.Max(sigma, 1e-10));
        int low = Math.Clamp(Array.FindLastIndex(logs, l => l <= log), 0, logs.Length - 2);
        double w = Math.Clamp((log - logs[low]) / (logs[low + 1] - logs[low]), 0, 1);
        return low + w;
    }

    /// <summary>The timestep whose σ itself is nearest.</summary>
    public int NearestLevel(double sigma) => Enumerable.Range(0, Sigmas.Count).MinBy(i => Math.Abs(Sigmas[i] - sigma));

    /// <summary>
    /// How much of the way from noise is done at a level, 0 to below 1, counted by timesteps: so AUTOMATIC1111 tells when a refiner takes
    /// over (modules/sd_samplers_common.py, apply_refiner, at 82a973c).
    /// </summary>
    /// <param name="level">The level.</param>
    /// <param name="isOverTimesteps">Whether its timestep counts, as with DDIM, else the one of the nearest σ.</param>
    public double ShareDone(NoiseLevel level, bool isOverTimesteps)
    {
        int timestep = isOverTimesteps ? (int)level.Timestep : NearestLevel(level.Ratio);
        return (Sigmas.Count - 1 - timestep) / (double)Sigmas.Count;
    }

    /// <summary>The timestep whose ln σ is nearest.</summary>
    public int NearestTimestep(double sigma)
    {
        double log = Math.Log(Math.Max(sigma, 1e-10));
        return Enumerable.Range(0, logs.Length).MinBy(i => Math.Abs(logs[i] - log));
    }
}
