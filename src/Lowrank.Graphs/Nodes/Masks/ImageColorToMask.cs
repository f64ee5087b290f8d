namespace Lowrank.Graphs;

/// <summary>Where pictures have one colour, 0xRRGGBB.</summary>
sealed class ImageColorToMask : GraphNode
{
    public override string ClassType => "ImageColorToMask";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("image", GraphTypes.Image),
        new WholeInput("color", 0, 0, 0xFFFFFF, 1) { IsColour = true },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Mask];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var levels = (run.Get<ImageValue>("image").Pixels.clamp(0, 1) * 255).round().to(ScalarType.Int32);
        int colour = run.Whole("color");
        var packed = levels.select(3, 0) * 0x10000 + levels.select(3, 1) * 0x100 + levels.select(3, 2);
        return [new MaskValue(packed.eq(colour).to(ScalarType.Float32))];
    }
}
