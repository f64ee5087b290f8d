namespace Lowrank.Graphs;

/// <summary>Sigmas at times that are the quantiles of a beta distribution; times that fall together count once.</summary>
sealed class BetaSamplingScheduler : GraphNode
{
    public override string ClassType => "BetaSamplingScheduler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        new WholeInput("steps", 20, 1, 10000),
        new NumberInput("alpha", 0.6, 0, 50, 0.01) { IsRounded = false },
        new NumberInput("beta", 0.6, 0, 50, 0.01) { IsRounded = false },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var table = run.Get<ModelValue>("model").Sampling.Table;
        return [SigmasValue.Of(ComfySigmas.Beta(table, run.Whole("steps"), run.Number("alpha"), run.Number("beta")))];
    }
}
