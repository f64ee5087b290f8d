namespace Lowrank.Graphs;

/// <summary>Pictures scaled by a factor.</summary>
sealed class ImageScaleBy : GraphNode
{
    public override string ClassType => "ImageScaleBy";

    public override string Title => "Upscale Image By";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("image", GraphTypes.Image),
        new ChoiceInput("upscale_method", Scaling.OfPictures),
        new NumberInput("scale_by", 1, 0.01, 8),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var pixels = run.Get<ImageValue>("image").Pixels;
        var (_, height, width, _) = pixels.shape;
        double factor = run.Number("scale_by");
        long newWidth = (long)Math.Round(width * factor), newHeight = (long)Math.Round(height * factor);
        return [new ImageValue(Scaling.ScalePictures(pixels, newWidth, newHeight, run.Choice("upscale_method")))];
    }
}
