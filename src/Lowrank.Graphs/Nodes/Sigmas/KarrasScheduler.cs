namespace Lowrank.Graphs;

/// <summary>Sigmas after Karras et al. 2022, with bounds of one's own.</summary>
sealed class KarrasScheduler : GraphNode
{
    public override string ClassType => "KarrasScheduler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new WholeInput("steps", 20, 1, 10000),
        new NumberInput("sigma_max", 14.614642, 0, 5000, 0.01) { IsRounded = false },
        new NumberInput("sigma_min", 0.0291675, 0, 5000, 0.01) { IsRounded = false },
        new NumberInput("rho", 7, 0, 100) { IsRounded = false },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (steps, max, min) = (run.Whole("steps"), run.Number("sigma_max"), run.Number("sigma_min"));
        return [SigmasValue.Of(ComfySigmas.Karras(steps, max, min, run.Number("rho")))];
    }
}
