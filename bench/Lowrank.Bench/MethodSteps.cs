namespace Lowrank.Bench;

/// <summary>
/// Seconds and peak memory of a training step under each method, against LoRA's: rounds
/// interleaved, medians; memory in a process of its own each.
/// </summary>
static class MethodSteps
{
    public static void Print(string name, ScalarType dtype, int rounds, IReadOnlyList<string> only)
    {
        var methods = BenchMethod.All.Where(m => only.Count == 0 || m.Name == BenchMethod.Lora || only.Contains(m.Name)).ToList();
        using var scope = NewDisposeScope();
        using var model = BenchModel.Create(name, dtype);
        var ways = methods.ToDictionary(m => m.Name, m => new Way(model, m));
        var seconds = StepTimes.Measure(ways.ToDictionary(w => w.Key, w => (Action)w.Value.Step), rounds);
        foreach (var way in ways.Values) way.Dispose();
        double Peak(BenchMethod method) => PeakMemory.Measure("memory-of", name, StepTimes.Name(dtype).Trim(), method.Name).Peak;
        var peaks = methods.ToDictionary(m => m.Name, Peak);
        double lora = seconds[BenchMethod.Lora], loraPeak = peaks[BenchMethod.Lora];
        foreach (var (method, time) in seconds)
        {
            string times = $"{time * 1000,9:f1} ms {time / lora,6:f2} of LoRA's";
            string memory = $"{peaks[method],7:f0} MB {peaks[method] / loraPeak,6:f2} of LoRA's";
            Console.WriteLine($"{name,-12} {StepTimes.Name(dtype)}  {method,-22} {ways[method].Trained,10:n0} trained {times}   {memory}");
        }
    }
}
