namespace Lowrank.Graphs;

/// <summary>One picture laid on another through a mask.</summary>
sealed class ImageCompositeMasked : GraphNode
{
    public override string ClassType => "ImageCompositeMasked";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("destination", GraphTypes.Image),
        NodeInput.Link("source", GraphTypes.Image),
        WholeInput.Pixels("x", 0, 0),
        WholeInput.Pixels("y", 0, 0),
        new FlagInput("resize_source", false),
        NodeInput.MaybeLink("mask", GraphTypes.Mask),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (ground, laid) = Channels.Aligned(run.Get<ImageValue>("destination").Pixels, run.Get<ImageValue>("source").Pixels);
        var made = Composite.Lay(ground.permute(0, 3, 1, 2), laid.permute(0, 3, 1, 2), run.Whole("x"), run.Whole("y"),
            run.Find<MaskValue>("mask")?.Mask, run.Flag("resize_source"));
        return [new ImageValue(made.permute(0, 2, 3, 1).contiguous())];
    }
}
