namespace Lowrank.Graphs;

/// <summary>A picture on a larger grey ground, and a mask of what is new, which fades into the picture.</summary>
sealed class ImagePadForOutpaint : GraphNode
{
    public override string ClassType => "ImagePadForOutpaint";

    public override string Title => "Pad Image for Outpainting";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("image", GraphTypes.Image),
        WholeInput.Pixels("left", 0, 0, 8),
        WholeInput.Pixels("top", 0, 0, 8),
        WholeInput.Pixels("right", 0, 0, 8),
        WholeInput.Pixels("bottom", 0, 0, 8),
        WholeInput.Pixels("feathering", 40, 0),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image, GraphTypes.Mask];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var pixels = run.Get<ImageValue>("image").Pixels;
        var (pictures, height, width, channels) = pixels.shape;
        int left = run.Whole("left"), top = run.Whole("top"), right = run.Whole("right"), bottom = run.Whole("bottom");
        var padded = full([pictures, height + top + bottom, width + left + right, channels], 0.5f, dtype: ScalarType.Float32, device: CPU);
        padded.narrow(1, top, height).narrow(2, left, width).copy_(pixels);
        var mask = ones([height + top + bottom, width + left + right], dtype: ScalarType.Float32, device: CPU);
        mask.narrow(0, top, height).narrow(1, left, width).copy_(Fade(height, width, run.Whole("feathering"), (left, top, right, bottom)));
        return [new ImageValue(padded), new MaskValue(mask.unsqueeze(0))];
    }

    // ((f − d)/f)² at a distance d from the nearest side that was padded; nothing where the picture is not wider and higher than 2f.
    static Tensor Fade(long height, long width, int feathering, (int Left, int Top, int Right, int Bottom) padded)
    {
        bool hasRoom = feathering > 0 && feathering * 2 < height && feathering * 2 < width;
        if (!hasRoom) return zeros([height, width], dtype: ScalarType.Float32, device: CPU);
        var rows = arange(height, dtype: ScalarType.Float64, device: CPU).view(-1, 1);
        var columns = arange(width, dtype: ScalarType.Float64, device: CPU).view(1, -1);
        var distance = full([height, width], (double)Math.Max(height, width), dtype: ScalarType.Float64, device: CPU);
        if (padded.Top != 0) distance = minimum(distance, rows);
        if (padded.Bottom != 0) distance = minimum(distance, height - rows);
        if (padded.Left != 0) distance = minimum(distance, columns);
        if (padded.Right != 0) distance = minimum(distance, width - columns);
        return ((feathering - distance) / feathering).clamp(min: 0).square().to(ScalarType.Float32);
    }
}
