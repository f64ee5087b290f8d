namespace Lowrank.Graphs;

/// <summary>Guides away from what a network says of a picture that is blurred where its coarsest self-attention looks most.</summary>
/// <remarks>See <see cref="Diffusion.SelfAttentionGuidance"/>.</remarks>
sealed class SelfAttentionGuidance : GraphNode
{
    public override string ClassType => "SelfAttentionGuidance";

    public override string Title => "Self-Attention Guidance";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        new NumberInput("scale", 0.5, -2, 5),
        new NumberInput("blur_sigma", 2, 0, 10, 0.1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [run.Get<ModelValue>("model").After(new SelfAttentionChange(run.Number("scale"), run.Number("blur_sigma")))];
}
