namespace Lowrank.Graphs;

/// <summary>Conditions that hold beside each other: where several do, the network's estimates are averaged.</summary>
sealed class ConditioningCombine : GraphNode
{
    public override string ClassType => "ConditioningCombine";

    public override string Title => "Conditioning (Combine)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("conditioning_1", GraphTypes.Conditioning), NodeInput.Link("conditioning_2", GraphTypes.Conditioning)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<ConditioningValue>("conditioning_1"), run.Get<ConditioningValue>("conditioning_2"));
        return [new ConditioningValue([.. first.Conditions, .. second.Conditions])];
    }
}
