namespace Lowrank.Graphs;

/// <summary>Lets conditions hold on a stretch of the way from noise to picture.</summary>
sealed class ConditioningSetTimestepRange : GraphNode
{
    public override string ClassType => "ConditioningSetTimestepRange";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("conditioning", GraphTypes.Conditioning),
        new NumberInput("start", 0, 0, 1, 0.001),
        new NumberInput("end", 1, 0, 1, 0.001),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var range = new WayShare(run.Number("start"), run.Number("end"));
        return [run.Get<ConditioningValue>("conditioning").Each(own => own with { Range = range })];
    }
}
