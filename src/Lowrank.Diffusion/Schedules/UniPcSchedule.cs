namespace Lowrank.Diffusion;

/// <summary>
/// The levels of AUTOMATIC1111's UniPC: continuous times between 1 and 1/levels, spread without regard to the timesteps that other samplers
/// visit, and ending at the first level (uni_pc.py at 82a973c).
/// </summary>
/// <param name="name">What a user types: "unipc_time_uniform".</param>
/// <param name="label">What it is called: "UniPC time_uniform"; the web UI has the last word alone, and as an option of UniPC.</param>
/// <param name="spread">Gives n+1 times, falling, between two of a table of ln α.</param>
public sealed class UniPcSchedule(string name, string label, Func<LogAlphaTable, double, double, int, IEnumerable<double>> spread)
    : Schedule(name, label)
{
    /// <summary>
    /// The plan of an image-to-image run: the times span what lies below a timestep, as many as the run has steps.
    /// </summary>
    /// <param name="noise">The levels.</param>
    /// <param name="steps">The steps that are left.</param>
    /// <param name="timestep">Where the run begins: the highest timestep that is left of the web UI's.</param>
    public SamplingPlan From(NoiseSchedule noise, int steps, int timestep) => Between(noise, (timestep + 1.0) / 1000, steps);

    /// <inheritdoc/>
    protected override SamplingPlan Make(NoiseSchedule noise, int steps) => Between(noise, 1, steps);

    SamplingPlan Between(NoiseSchedule noise, double start, int steps)
    {
        var table = new LogAlphaTable(noise);
        var levels = spread(table, start, 1.0 / noise.Count, steps).Select(Level).ToArray();
        return new SamplingPlan([.. levels.Zip(levels.Skip(1), (from, to) => new SamplingStep(from, to))], 1, SigmaTable.Of(noise));

        NoiseLevel Level(double time) => NoiseLevel.Preserving(Math.Exp(2 * table.At(time)), (time - 1.0 / noise.Count) * 1000);
    }
}
