namespace Lowrank.Bench;

/// <summary>Seconds and peak memory of a training step under each method, beside LoRA's.</summary>
static class MethodSteps
{
    /// <summary>Rows of one model in one dtype.</summary>
    /// <param name="name">The model.</param>
    /// <param name="dtype">Its dtype.</param>
    /// <param name="only">Names of methods; none means all.</param>
    public static IEnumerable<Row> Measure(string name, ScalarType dtype, IReadOnlyList<string> only)
    {
        string known = string.Join("; ", BenchMethod.All.Select(m => m.Name));
        if (only.FirstOrDefault(asked => BenchMethod.All.All(m => m.Name != asked)) is { } unknown)
            throw new LowrankException($"no method \"{unknown}\" is measured; there are {known}");
        var methods = BenchMethod.All.Where(m => only.Count == 0 || m.Name == BenchMethod.Lora || only.Contains(m.Name)).ToList();
        var (seconds, trained) = Seconds(name, dtype, methods);
        var peaks = methods.ToDictionary(m => m.Name, m => PeakMemory.OfStepsOf(name, dtype, m.Name));
        foreach (var method in methods.Where(m => m.Name != BenchMethod.Lora))
            yield return About(name, dtype, method.Name) with
            {
                Seconds = seconds[method.Name],
                Peer = "LoRA of rank 8",
                PeerSeconds = seconds[BenchMethod.Lora],
                Aim = method.Aim,
                Megabytes = peaks[method.Name].Added,
                PeerMegabytes = peaks[BenchMethod.Lora].Added,
                Remark = $"trains {Millions(trained[method.Name])} numbers, LoRA {Millions(trained[BenchMethod.Lora])}",
            };
    }

    static string Millions(long count) => FormattableString.Invariant($"{count / 1e6:0.0} M");

    public static Row About(string name, ScalarType dtype, string method) =>
        new(Section.Methods, "step with " + method, BenchModel.Told(name), Dtypes.Name(dtype));

    static (IReadOnlyDictionary<string, double> Seconds, Dictionary<string, long> Trained) Seconds(
        string name, ScalarType dtype, IReadOnlyList<BenchMethod> methods)
    {
        using var scope = NewDisposeScope();
        using var model = BenchModel.Create(name, dtype);
        var ways = methods.ToDictionary(m => m.Name, m => new Way(model, m));
        var medians = new Rounds(AtLeast: 3, AtMost: 7, Seconds: 12).Medians(ways.ToDictionary(w => w.Key, w => (Action)w.Value.Step));
        var trained = ways.ToDictionary(w => w.Key, w => w.Value.Trained);
        foreach (var way in ways.Values) way.Dispose();
        return (medians, trained);
    }
}
