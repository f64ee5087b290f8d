namespace Lowrank.Graphs;

/// <summary>Two batches of pictures in one; the second takes the first one's size.</summary>
sealed class ImageBatch : GraphNode
{
    public override string ClassType => "ImageBatch";

    public override string Title => "Batch Images";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("image1", GraphTypes.Image),
        NodeInput.Link("image2", GraphTypes.Image),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<ImageValue>("image1").Pixels, run.Get<ImageValue>("image2").Pixels);
        bool isSameSize = first.shape.AsSpan(1).SequenceEqual(second.shape.AsSpan(1));
        if (!isSameSize) second = Scaling.ScalePictures(second, first.shape[2], first.shape[1], "bilinear", Scaling.Centre);
        return [new ImageValue(cat([first, second], 0))];
    }
}
