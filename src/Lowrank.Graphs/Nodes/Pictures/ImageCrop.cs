namespace Lowrank.Graphs;

/// <summary>A rectangle of pictures.</summary>
sealed class ImageCrop : GraphNode
{
    public override string ClassType => "ImageCrop";

    public override string Title => "Image Crop";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("image", GraphTypes.Image),
        WholeInput.Pixels("width", 512, 1),
        WholeInput.Pixels("height", 512, 1),
        WholeInput.Pixels("x", 0, 0),
        WholeInput.Pixels("y", 0, 0),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var pixels = run.Get<ImageValue>("image").Pixels;
        long left = Math.Min(run.Whole("x"), pixels.shape[2] - 1), top = Math.Min(run.Whole("y"), pixels.shape[1] - 1);
        return [new ImageValue(pixels.Cut(1, top, top + run.Whole("height")).Cut(2, left, left + run.Whole("width")).clone())];
    }
}
