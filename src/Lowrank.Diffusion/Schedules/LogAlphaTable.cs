namespace Lowrank.Diffusion;

/// <summary>ln α over continuous time, linear between the levels: level i, from 0, lies at time (i+1)/levels.</summary>
/// <remarks>NoiseScheduleVP of DPM-Solver and UniPC (Lu et al. 2022, arXiv:2206.00927).</remarks>
public sealed class LogAlphaTable
{
    readonly double[] logs;

    /// <summary>The table of <paramref name="noise"/>.</summary>
    public LogAlphaTable(NoiseSchedule noise) => logs = [.. Enumerable.Range(0, noise.Count).Select(i => Math.Log(noise.AlphaBar(i)) / 2)];

    /// <summary>ln α at a time; beyond the table along its outermost line.</summary>
    public double At(double time)
    {
        double place = time * logs.Length - 1;
        int low = Math.Clamp((int)Math.Floor(place), 0, logs.Length - 2);
        return logs[low] + (place - low) * (logs[low + 1] - logs[low]);
    }

    /// <summary>λ = ln(α/σ) at a time.</summary>
    public double LogSnr(double time)
    {
        double log = At(time);
        return log - Math.Log(1 - Math.Exp(2 * log)) / 2;
    }

    /// <summary>The time of λ.</summary>
    public double TimeOf(double logSnr)
    {
        double log = -Math.Log(1 + Math.Exp(-2 * logSnr)) / 2;
        int low = Math.Clamp(Array.FindLastIndex(logs, l => l >= log), 0, logs.Length - 2);
        return (low + 1 + (log - logs[low]) / (logs[low + 1] - logs[low])) / logs.Length;
    }
}
