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
    /// <summary>The plan of an image-to-image run: as many steps as the run has timesteps, spread below the highest of them.</summary>
    /// <param name="noise">The levels.</param>
    /// <param name="timesteps">What is left of <see cref="WebUiTimestepSchedule.Rising"/>.</param>
    public SamplingPlan Below(NoiseSchedule noise, IReadOnlyList<int> timesteps) =>
        Between(noise, (timesteps[^1] + 1.0) / noise.Count, timesteps.Count);

    /// <summary>The plan of as many steps as a run from noise has timesteps.</summary>
    /// <param name="noise">The levels.</param>
    /// <param name="timesteps">The number of <see cref="WebUiTimestepSchedule.Rising"/>.</param>
    public SamplingPlan Over(NoiseSchedule noise, int timesteps) => Between(noise, 1, timesteps);

    /// <inheritdoc/>
    protected override SamplingPlan Make(NoiseSchedule noise, int steps) =>
        Over(noise, WebUiTimestepSchedule.Rising(noise.Count, steps).Length);

    SamplingPlan Between(NoiseSchedule noise, double start, int steps)
    {
        var table = new LogAlphaTable(noise);
        var levels = spread(table, start, 1.0 / noise.Count, steps).Select(Level).ToArray();
        return new SamplingPlan([.. levels.Zip(levels.Skip(1), (from, to) => new SamplingStep(from, to))], 1, SigmaTable.Of(noise));

        NoiseLevel Level(double time) => NoiseLevel.Preserving(Math.Exp(2 * table.At(time)), time * noise.Count - 1);
    }
}
