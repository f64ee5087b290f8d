namespace Lowrank.Graphs;

/// <summary>Guides away from what a network says whose coarsest self-attention looks at nothing but its own place.</summary>
/// <remarks>See <see cref="PerturbedAttention"/>.</remarks>
sealed class PerturbedAttentionGuidance : GraphNode
{
    public override string ClassType => "PerturbedAttentionGuidance";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("model", GraphTypes.Model), new NumberInput("scale", 3, 0, 100) { Round = 0.01 }];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [run.Get<ModelValue>("model").After(new PerturbedAttentionChange(run.Number("scale")))];
}
