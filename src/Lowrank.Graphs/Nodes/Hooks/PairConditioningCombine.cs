namespace Lowrank.Graphs;

/// <summary>Both sides' conditions beside others.</summary>
sealed class PairConditioningCombine : GraphNode
{
    public override string ClassType => "PairConditioningCombine";

    public override string Title => "Cond Pair Combine";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("positive_A", GraphTypes.Conditioning),
        NodeInput.Link("negative_A", GraphTypes.Conditioning),
        NodeInput.Link("positive_B", GraphTypes.Conditioning),
        NodeInput.Link("negative_B", GraphTypes.Conditioning),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning, GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        return
        [
            ConditionProperties.Beside(run, "positive_A", run.Get<ConditioningValue>("positive_B")),
            ConditionProperties.Beside(run, "negative_A", run.Get<ConditioningValue>("negative_B")),
        ];
    }
}
