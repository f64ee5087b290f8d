namespace Lowrank.Graphs;

/// <summary>The difference of two text encoders.</summary>
sealed class CLIPMergeSubtract : GraphNode
{
    public override string ClassType => "CLIPMergeSubtract";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("clip1", GraphTypes.Clip),
        NodeInput.Link("clip2", GraphTypes.Clip),
        new NumberInput("multiplier", 1, -10, 10),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Clip];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<ClipValue>("clip1"), run.Get<ClipValue>("clip2"));
        double multiplier = run.Number("multiplier");
        var mixed = new MixedWeights(ModelSide.Encoders, first.Weights, second.Base, second.Weights, _ => (multiplier, -multiplier));
        return [first with { Weights = [mixed] }];
    }
}
