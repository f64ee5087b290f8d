namespace Lowrank.Graphs;

/// <summary>Sigmas at the quantiles of a Laplace distribution; the last one is not 0.</summary>
sealed class LaplaceScheduler : GraphNode
{
    public override string ClassType => "LaplaceScheduler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new WholeInput("steps", 20, 1, 10000),
        new NumberInput("sigma_max", 14.614642, 0, 5000, 0.01) { IsRounded = false },
        new NumberInput("sigma_min", 0.0291675, 0, 5000, 0.01) { IsRounded = false },
        new NumberInput("mu", 0, -10, 10, 0.1) { IsRounded = false },
        new NumberInput("beta", 0.5, 0, 10, 0.1) { IsRounded = false },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (steps, max, min) = (run.Whole("steps"), run.Number("sigma_max"), run.Number("sigma_min"));
        return [SigmasValue.Of(ComfySigmas.Laplace(steps, max, min, run.Number("mu"), run.Number("beta")))];
    }
}
