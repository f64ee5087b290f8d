namespace Lowrank.Graphs;

/// <summary>The mask's other side.</summary>
sealed class InvertMask : GraphNode
{
    public override string ClassType => "InvertMask";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [NodeInput.Link("mask", GraphTypes.Mask)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Mask];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [new MaskValue(1 - run.Get<MaskValue>("mask").Mask)];
}
