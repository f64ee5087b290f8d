namespace Lowrank.Graphs;

/// <summary>A rectangle of a mask.</summary>
sealed class CropMask : GraphNode
{
    public override string ClassType => "CropMask";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("mask", GraphTypes.Mask),
        WholeInput.Pixels("x", 0, 0),
        WholeInput.Pixels("y", 0, 0),
        WholeInput.Pixels("width", 512, 1),
        WholeInput.Pixels("height", 512, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Mask];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        int left = run.Whole("x"), top = run.Whole("y");
        var mask = run.Get<MaskValue>("mask").Mask;
        return [new MaskValue(mask.Cut(1, top, top + run.Whole("height")).Cut(2, left, left + run.Whole("width")).clone())];
    }
}
