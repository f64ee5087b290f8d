namespace Lowrank.Graphs;

/// <summary>Gives conditions their weight where several hold.</summary>
sealed class ConditioningSetAreaStrength : GraphNode
{
    public override string ClassType => "ConditioningSetAreaStrength";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("conditioning", GraphTypes.Conditioning), new NumberInput("strength", 1, 0, 10)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        double strength = run.Number("strength");
        return [run.Get<ConditioningValue>("conditioning").Each(own => own with { Strength = strength })];
    }
}
