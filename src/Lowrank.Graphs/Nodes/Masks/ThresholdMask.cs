namespace Lowrank.Graphs;

/// <summary>All or nothing: what is above a value.</summary>
sealed class ThresholdMask : GraphNode
{
    public override string ClassType => "ThresholdMask";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("mask", GraphTypes.Mask),
        new NumberInput("value", 0.5, 0, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Mask];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [new MaskValue(run.Get<MaskValue>("mask").Mask.gt(run.Number("value")).to(ScalarType.Float32))];
}
