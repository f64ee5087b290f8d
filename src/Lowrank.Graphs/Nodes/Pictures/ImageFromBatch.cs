namespace Lowrank.Graphs;

/// <summary>Some pictures of a batch.</summary>
sealed class ImageFromBatch : GraphNode
{
    public override string ClassType => "ImageFromBatch";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("image", GraphTypes.Image),
        new WholeInput("batch_index", 0, 0, 4095),
        new WholeInput("length", 1, 1, 4096),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var pixels = run.Get<ImageValue>("image").Pixels;
        long first = Math.Min(pixels.shape[0] - 1, run.Whole("batch_index"));
        return [new ImageValue(pixels.Cut(0, first, first + run.Whole("length")).clone())];
    }
}
