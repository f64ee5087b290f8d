namespace Lowrank.Graphs;

/// <summary>Masks as grey pictures.</summary>
sealed class MaskToImage : GraphNode
{
    public override string ClassType => "MaskToImage";

    public override string Title => "Convert Mask to Image";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [NodeInput.Link("mask", GraphTypes.Mask)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [new ImageValue(run.Get<MaskValue>("mask").Mask.unsqueeze(3).expand(-1, -1, -1, 3).clone())];
}
