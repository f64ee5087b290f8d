namespace Lowrank.Graphs;

/// <summary>A number.</summary>
sealed class PrimitiveFloat : GraphNode
{
    public override string ClassType => "PrimitiveFloat";

    public override string Title => "Float";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new NumberInput("value", null, -long.MaxValue, long.MaxValue, null) { HasWholeBounds = true },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Number];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [new NumberValue(run.Number("value"))];
}
