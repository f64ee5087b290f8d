using System.Globalization;

namespace Lowrank.Torch;

/// <summary>How a <see cref="MovingAverage"/> forgets; defaults are diffusers'.</summary>
/// <param name="Decay">Largest share of an average that an update keeps, in [0, 1).</param>
/// <param name="LeastDecay">Least share, once it averages at all.</param>
/// <param name="UpdateAfter">Updates that only copy, before it averages.</param>
/// <param name="Warms">Whether the share rises as 1 - (1 + updates)^-<paramref name="Power"/>; else as (1 + updates) / (10 +
/// updates).</param>
/// <param name="Power">How fast, with warm-up: 2/3 for a million steps, 3/4 for fewer.</param>
public sealed record MovingAverageOptions(
    double Decay = 0.9999, double LeastDecay = 0, int UpdateAfter = 0, bool Warms = false, double Power = 2.0 / 3)
{
    /// <summary>What an update keeps.</summary>
    /// <param name="update">Its number, from 1 up.</param>
    public double DecayAt(double update)
    {
        double step = Math.Max(0, update - UpdateAfter - 1);
        if (step <= 0) return 0;
        double risen = Warms ? 1 - Math.Pow(1 + step, -Power) : (1 + step) / (10 + step);
        return Math.Max(Math.Min(risen, Decay), LeastDecay);
    }

    /// <summary>Throws one error that lists every value out of its range.</summary>
    /// <exception cref="LowrankException">There is one.</exception>
    public void Check()
    {
        var faults = new List<string>();
        if (!(Decay is >= 0 and < 1)) faults.Add(string.Create(CultureInfo.InvariantCulture, $"decay {Decay} is not in [0, 1)"));
        if (!(LeastDecay >= 0 && LeastDecay <= Decay))
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"least decay {LeastDecay} is not from 0 to the decay"));
        if (UpdateAfter < 0) faults.Add(string.Create(CultureInfo.InvariantCulture, $"updates that copy {UpdateAfter} are below 0"));
        if (!(Power > 0)) faults.Add(string.Create(CultureInfo.InvariantCulture, $"power {Power} is not above 0"));
        if (faults.Count > 0) throw new LowrankException($"EMA: {string.Join("; ", faults)}.");
    }
}
