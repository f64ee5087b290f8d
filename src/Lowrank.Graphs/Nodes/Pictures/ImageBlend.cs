namespace Lowrank.Graphs;

/// <summary>Two pictures mixed in one of six ways.</summary>
/// <remarks>Soft light is W3C's (Compositing and Blending Level 1); "difference" keeps its sign, as in ComfyUI.</remarks>
sealed class ImageBlend : GraphNode
{
    public override string ClassType => "ImageBlend";

    public override string Title => "Image Blend";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("image1", GraphTypes.Image),
        NodeInput.Link("image2", GraphTypes.Image),
        new NumberInput("blend_factor", 0.5, 0, 1),
        new ChoiceInput("blend_mode", [.. modes.Keys]) { IsUnchecked = true },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = Channels.Aligned(run.Get<ImageValue>("image1").Pixels, run.Get<ImageValue>("image2").Pixels);
        bool isSameShape = first.shape.AsSpan().SequenceEqual(second.shape);
        if (!isSameShape) second = Scaling.ScalePictures(second, first.shape[2], first.shape[1], "bicubic", Scaling.Centre);
        double factor = run.Number("blend_factor");
        var blended = modes[run.Choice("blend_mode")](first, second);
        return [new ImageValue((first * (1 - factor) + blended * factor).clamp(0, 1))];
    }

    static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> modes = new()
    {
        ["normal"] = (_, b) => b,
        ["multiply"] = (a, b) => a * b,
        ["screen"] = (a, b) => 1 - (1 - a) * (1 - b),
        ["overlay"] = (a, b) => where(a <= 0.5, 2 * a * b, 1 - 2 * (1 - a) * (1 - b)),
        ["soft_light"] = (a, b) => where(b <= 0.5, a - (1 - 2 * b) * a * (1 - a), a + (2 * b - 1) * (Lightened(a) - a)),
        ["difference"] = (a, b) => a - b,
    };

    static Tensor Lightened(Tensor x) => where(x <= 0.25, ((16 * x - 12) * x + 4) * x, x.sqrt());
}
