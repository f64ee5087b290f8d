namespace Lowrank.Graphs;

/// <summary>A mixture of two text encoders: ratio of the first, the rest of the second.</summary>
sealed class CLIPMergeSimple : GraphNode
{
    public override string ClassType => "CLIPMergeSimple";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("clip1", GraphTypes.Clip),
        NodeInput.Link("clip2", GraphTypes.Clip),
        new NumberInput("ratio", 1, 0, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Clip];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<ClipValue>("clip1"), run.Get<ClipValue>("clip2"));
        double ratio = run.Number("ratio");
        var mixed = new MixedWeights(ModelSide.Encoders, first.Weights, second.Base, second.Weights, _ => (ratio, 1 - ratio));
        return [first with { Weights = [mixed] }];
    }
}
