namespace Lowrank.Graphs;

/// <summary>The negative.</summary>
sealed class ImageInvert : GraphNode
{
    public override string ClassType => "ImageInvert";

    public override string Title => "Invert Image";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [NodeInput.Link("image", GraphTypes.Image)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [new ImageValue(1 - run.Get<ImageValue>("image").Pixels)];
}
