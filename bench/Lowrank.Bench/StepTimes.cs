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

        var seconds = runs.Keys.ToDictionary(k => k, _ => new List<double>());
        for (int round = -1; round < rounds; round++)   // the first round warms up
            foreach (var (run, action) in runs)
            {
                using var step = NewDisposeScope();
                var clock = Stopwatch.StartNew();
                action();
                if (round >= 0) seconds[run].Add(clock.Elapsed.TotalSeconds);
            }
        double ours = Median(seconds[Way.Ours]), forward = Median(seconds["base forward"]);
        foreach (var (run, list) in seconds)
            Console.WriteLine($"{name,-12} {Name(dtype)}  {run,-32} {Median(list) * 1000,9:f1} ms   {Median(list) / forward,5:f2} forwards   lowrank / this: {ours / Median(list):f2}");
        foreach (var way in ways.Values) way.Dispose();
    }

    public static string Name(ScalarType dtype) => dtype == ScalarType.BFloat16 ? "bf16" : "f32 ";

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
