namespace Lowrank.Graphs;

/// <summary>Sigmas evenly by a power of their logarithms.</summary>
sealed class PolyexponentialScheduler : GraphNode
{
    public override string ClassType => "PolyexponentialScheduler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new WholeInput("steps", 20, 1, 10000),
        new NumberInput("sigma_max", 14.614642, 0, 5000, 0.01) { IsRounded = false },
        new NumberInput("sigma_min", 0.0291675, 0, 5000, 0.01) { IsRounded = false },
        new NumberInput("rho", 1, 0, 100) { IsRounded = false },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (steps, max, min) = (run.Whole("steps"), run.Number("sigma_max"), run.Number("sigma_min"));
        return [SigmasValue.Of(ComfySigmas.Polyexponential(steps, max, min, run.Number("rho")))];
    }
}
