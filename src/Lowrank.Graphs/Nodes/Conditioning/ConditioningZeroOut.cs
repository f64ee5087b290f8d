namespace Lowrank.Graphs;

/// <summary>Zeros in place of the encoded prompt.</summary>
sealed class ConditioningZeroOut : GraphNode
{
    public override string ClassType => "ConditioningZeroOut";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [NodeInput.Link("conditioning", GraphTypes.Conditioning)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [run.Get<ConditioningValue>("conditioning").Each(Zeros)];

    static Condition Zeros(Condition condition) => condition with
    {
        Tokens = zeros_like(condition.Tokens),
        Pooled = condition.Pooled is { } pooled ? zeros_like(pooled) : null,
    };
}
