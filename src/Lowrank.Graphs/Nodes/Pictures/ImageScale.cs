namespace Lowrank.Graphs;

/// <summary>Pictures at another size; a side of 0 follows the other.</summary>
sealed class ImageScale : GraphNode
{
    public override string ClassType => "ImageScale";

    public override string Title => "Upscale Image";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("image", GraphTypes.Image),
        new ChoiceInput("upscale_method", Scaling.OfPictures),
        WholeInput.Pixels("width", 512, 0),
        WholeInput.Pixels("height", 512, 0),
        new ChoiceInput("crop", Scaling.Crops),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var image = run.Get<ImageValue>("image");
        int width = run.Whole("width"), height = run.Whole("height");
        if (width == 0 && height == 0) return [image];
        var (_, rows, columns, _) = image.Pixels.shape;
        if (width == 0) width = Math.Max(1, (int)Math.Round((double)columns * height / rows));
        else if (height == 0) height = Math.Max(1, (int)Math.Round((double)rows * width / columns));
        return [new ImageValue(Scaling.ScalePictures(image.Pixels, width, height, run.Choice("upscale_method"), run.Choice("crop")))];
    }
}
