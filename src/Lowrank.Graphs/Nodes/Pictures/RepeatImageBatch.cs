namespace Lowrank.Graphs;

/// <summary>A batch of pictures several times over.</summary>
sealed class RepeatImageBatch : GraphNode
{
    public override string ClassType => "RepeatImageBatch";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("image", GraphTypes.Image),
        new WholeInput("amount", 1, 1, 4096),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [new ImageValue(run.Get<ImageValue>("image").Pixels.repeat(run.Whole("amount"), 1, 1, 1))];
}
