namespace Lowrank.Diffusion;

/// <summary>A schedule of falling sigmas in k-diffusion's form (x = x₀ + σ·ε).</summary>
/// <param name="name">What a user types.</param>
/// <param name="label">What AUTOMATIC1111 calls it.</param>
/// <param name="sigmas">Gives the sigmas of so many steps, the last one included: n+1 of them, falling.</param>
public sealed class SigmaSchedule(string name, string label, Func<SigmaRange, int, IEnumerable<double>> sigmas) : Schedule(name, label)
{
    /// <summary>The sigmas of <paramref name="steps"/> steps over a table.</summary>
    public double[] Sigmas(SigmaTable table, int steps) => Sigmas(new SigmaRange(table), steps);

    /// <summary>The sigmas of <paramref name="steps"/> steps over a range of one's own.</summary>
    public double[] Sigmas(SigmaRange range, int steps) => [.. sigmas(range, steps)];

    /// <inheritdoc/>
    protected override SamplingPlan Make(NoiseSchedule noise, int steps)
    {
        var table = SigmaTable.Of(noise);
        return SamplingPlan.OverSigmas(Sigmas(table, steps), table);
    }
}
