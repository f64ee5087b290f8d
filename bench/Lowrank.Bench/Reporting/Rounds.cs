namespace Lowrank.Bench;

/// <summary>How often things that are compared run: in turn, so that a slow moment meets all of them. Each round begins with
/// another, so that none always has the same memory and caches behind it.</summary>
/// <param name="AtLeast">Rounds that are counted, at the least.</param>
/// <param name="AtMost">And at the most.</param>
/// <param name="Seconds">No further round begins after so many of the wall's seconds.</param>
/// <param name="IsFixed">Whether every round has the first one's order, for things that undo each other.</param>
/// <param name="IsWarm">Whether what runs was warmed up before: then every round counts.</param>
sealed record Rounds(int AtLeast, int AtMost, double Seconds, bool IsFixed = false, bool IsWarm = false)
{
    /// <summary>The median seconds of each run.</summary>
    /// <param name="runs">What runs; a first round warms up and is not counted, unless all is warm.</param>
    public IReadOnlyDictionary<string, double> Medians(IReadOnlyDictionary<string, Action> runs)
    {
        var seconds = runs.Keys.ToDictionary(name => name, _ => new List<double>());
        if (!IsWarm)
            foreach (var action in runs.Values) BenchClock.Seconds(action);
        string[] order = [.. runs.Keys];
        long start = Environment.TickCount64;
        for (int round = 0; round < AtMost && (round < AtLeast || Environment.TickCount64 - start < 1000 * Seconds); round++)
            for (int i = 0; i < order.Length; i++)
            {
                string name = order[(IsFixed ? i : round + i) % order.Length];
                seconds[name].Add(BenchClock.Seconds(runs[name]));
            }
        return seconds.ToDictionary(s => s.Key, s => Median(s.Value));
    }

    /// <summary>The median seconds of one action.</summary>
    public double Median(Action action) => Medians(new Dictionary<string, Action> { [""] = action })[""];

    /// <summary>The middle value; of two middle ones their mean.</summary>
    public static double Median(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
