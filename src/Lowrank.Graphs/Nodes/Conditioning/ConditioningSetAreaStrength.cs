namespace Lowrank.Graphs;

/// <summary>Gives conditions their weight where several hold.</summary>
public sealed class ConditioningSetAreaStrength : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "ConditioningSetAreaStrength";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("conditioning", GraphTypes.Conditioning), new NumberInput("strength", 1, 0, 10)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        double strength = run.Number("strength");
        return [run.Get<ConditioningValue>("conditioning").Each(own => own with { Strength = strength })];
    }
}
