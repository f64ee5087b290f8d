using System.Diagnostics;

namespace Lowrank.Bench;

/// <summary>Seconds per training step of each way, and of the base: rounds interleaved, medians.</summary>
static class StepTimes
{
    public static void Print(string name, ScalarType dtype, int rounds)
    {
        using var scope = NewDisposeScope();
        using var model = BenchModel.Create(name, dtype);
        var ways = Way.All(dtype).ToDictionary(way => way, way => new Way(model, way));
        var input = model.Input.detach().requires_grad_();
        var runs = new Dictionary<string, Action>
        {
            ["base forward"] = () => { using var grad = no_grad(); model.Call(model.Input); },
            ["base forward, input's gradient"] = () =>
            {
                model.Call(input).to(ScalarType.Float32).square().mean().backward();
                input.grad = null;
            },
        };
        foreach (var (way, made) in ways) runs[way] = made.Step;

        var medians = Measure(runs, rounds);
        double ours = medians[Way.Ours], forward = medians["base forward"];
        foreach (var (run, median) in medians)
        {
            string times = $"{median * 1000,9:f1} ms   {median / forward,5:f2} forwards";
            Console.WriteLine($"{name,-12} {Name(dtype)}  {run,-32} {times}   lowrank / this: {ours / median:f2}");
        }
        foreach (var way in ways.Values) way.Dispose();
    }

    /// <summary>The median seconds of each run, rounds interleaved; each begins with another run, so that none always has the same memory
    /// and caches behind it.</summary>
    public static Dictionary<string, double> Measure(IReadOnlyDictionary<string, Action> runs, int rounds)
    {
        var seconds = runs.Keys.ToDictionary(k => k, _ => new List<double>());
        var order = runs.ToArray();
        for (int round = -1; round < rounds; round++)   // the first round warms up
            for (int i = 0; i < order.Length; i++)
            {
                var (run, action) = order[(round + 1 + i) % order.Length];
                using var step = NewDisposeScope();
                var clock = Stopwatch.StartNew();
                action();
                if (round >= 0) seconds[run].Add(clock.Elapsed.TotalSeconds);
            }
        return seconds.ToDictionary(s => s.Key, s => Median(s.Value));
    }

    public static string Name(ScalarType dtype) => dtype == ScalarType.BFloat16 ? "bf16" : "f32 ";

    public static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
