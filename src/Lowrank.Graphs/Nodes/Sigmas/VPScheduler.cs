namespace Lowrank.Graphs;

/// <summary>The sigmas of a diffusion that keeps the variance, evenly in its time.</summary>
sealed class VPScheduler : GraphNode
{
    public override string ClassType => "VPScheduler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new WholeInput("steps", 20, 1, 10000),
        new NumberInput("beta_d", 19.9, 0, 5000, 0.01) { IsRounded = false },
        new NumberInput("beta_min", 0.1, 0, 5000, 0.01) { IsRounded = false },
        new NumberInput("eps_s", 0.001, 0, 1, 0.0001) { IsRounded = false },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (slope, lowest) = (run.Number("beta_d"), run.Number("beta_min"));
        return [SigmasValue.Of(ComfySigmas.VariancePreserving(run.Whole("steps"), slope, lowest, run.Number("eps_s")))];
    }
}
