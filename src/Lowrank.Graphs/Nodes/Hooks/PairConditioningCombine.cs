namespace Lowrank.Graphs;

/// <summary>Both sides' conditions beside others.</summary>
public sealed class PairConditioningCombine : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "PairConditioningCombine";

    /// <inheritdoc/>
    public override string Title => "Cond Pair Combine";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("positive_A", GraphTypes.Conditioning),
        NodeInput.Link("negative_A", GraphTypes.Conditioning),
        NodeInput.Link("positive_B", GraphTypes.Conditioning),
        NodeInput.Link("negative_B", GraphTypes.Conditioning),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning, GraphTypes.Conditioning];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        return
        [
            ConditionProperties.Beside(run, "positive_A", run.Get<ConditioningValue>("positive_B")),
            ConditionProperties.Beside(run, "negative_A", run.Get<ConditioningValue>("negative_B")),
        ];
    }
}
