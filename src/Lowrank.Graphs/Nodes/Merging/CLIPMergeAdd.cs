namespace Lowrank.Graphs;

/// <summary>The sum of two text encoders, the second mostly a difference.</summary>
sealed class CLIPMergeAdd : GraphNode
{
    public override string ClassType => "CLIPMergeAdd";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("clip1", GraphTypes.Clip), NodeInput.Link("clip2", GraphTypes.Clip)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Clip];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<ClipValue>("clip1"), run.Get<ClipValue>("clip2"));
        var mixed = new MixedWeights(ModelSide.Encoders, first.Weights, second.Base, second.Weights, _ => (1, 1));
        return [first with { Weights = [mixed] }];
    }
}
