namespace Lowrank.Bench;

/// <summary>A training step beside PEFT's ways, and beside the base's own passes.</summary>
static class TrainingSteps
{
    const string Base = "the base's passes";

    /// <summary>Rows of one model in one dtype.</summary>
    /// <param name="name">The model.</param>
    /// <param name="dtype">Its dtype.</param>
    /// <param name="time">Whether seconds are taken.</param>
    /// <param name="memory">Whether peaks are taken, each in a process of its own.</param>
    public static IEnumerable<Row> Measure(string name, ScalarType dtype, bool time, bool memory)
    {
        var seconds = time ? Seconds(name, dtype) : null;
        var peaks = memory ? Way.All(dtype).ToDictionary(way => way, way => PeakMemory.OfStepsOf(name, dtype, way)) : null;
        foreach (string peer in Way.All(dtype).Where(way => way != Way.Ours))
            yield return About(name, dtype, "training step") with
            {
                Seconds = seconds?[Way.Ours],
                Peer = peer,
                PeerSeconds = seconds?[peer],
                Aim = Aims.AgainstPeft(name, dtype, peer),
                Megabytes = peaks?[Way.Ours].Added,
                PeerMegabytes = peaks?[peer].Added,
            };
        if (seconds is not null)
            yield return About(name, dtype, "what the adapter adds") with
            {
                Seconds = seconds[Way.Ours] - seconds[Base],
                Peer = Base,
                PeerSeconds = seconds[Base],
                Aim = Aims.Added,
            };
    }

    public static Row About(string name, ScalarType dtype, string what) =>
        new(Section.Training, what, BenchModel.Told(name), Dtypes.Name(dtype));

    static IReadOnlyDictionary<string, double> Seconds(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var model = BenchModel.Create(name, dtype);
        var ways = Way.All(dtype).ToDictionary(way => way, way => new Way(model, way));
        var input = model.Input.detach().requires_grad_();
        var runs = ways.ToDictionary(way => way.Key, way => (Action)way.Value.Step);
        runs[Base] = () =>
        {
            model.Call(input).to(ScalarType.Float32).square().mean().backward();
            input.grad = null;
        };
        var medians = new Rounds(AtLeast: 3, AtMost: 25, Seconds: 16).Medians(runs);
        foreach (var way in ways.Values) way.Dispose();
        return medians;
    }
}
