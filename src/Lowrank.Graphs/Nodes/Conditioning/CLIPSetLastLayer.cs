namespace Lowrank.Graphs;

/// <summary>Chooses the layer of the text encoders whose state is taken, counted from the end.</summary>
sealed class CLIPSetLastLayer : GraphNode
{
    public override string ClassType => "CLIPSetLastLayer";

    public override string Title => "CLIP Set Last Layer";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("clip", GraphTypes.Clip), new WholeInput("stop_at_clip_layer", -1, -24, -1, 1)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Clip];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [run.Get<ClipValue>("clip") with { LastLayer = run.Whole("stop_at_clip_layer") }];
}
