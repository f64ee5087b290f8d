using System.Diagnostics;

namespace Lowrank.Bench;

/// <summary>
/// What a second is: the wall's, or the processor's where others work on the same machine. Chosen once, where the program starts.
/// </summary>
static class BenchClock
{
    /// <summary>Whether the time of all threads of this process is counted instead of the wall's.</summary>
    public static bool CountsProcessor { get; set; }

    public static string Name => CountsProcessor ? "processor time" : "wall time";

    static double Now => CountsProcessor
        ? Environment.CpuUsage.TotalTime.TotalSeconds
        : (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    /// <summary>Seconds that an action takes; what it made is freed.</summary>
    public static double Seconds(Action action)
    {
        using var scope = NewDisposeScope();
        double start = Now;
        action();
        return Now - start;
    }
}
