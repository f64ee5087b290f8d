namespace Lowrank.Graphs;

/// <summary>The sum of two networks, the second mostly a difference.</summary>
sealed class ModelMergeAdd : GraphNode
{
    public override string ClassType => "ModelMergeAdd";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("model1", GraphTypes.Model), NodeInput.Link("model2", GraphTypes.Model)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<ModelValue>("model1"), run.Get<ModelValue>("model2"));
        var mixed = new MixedWeights(ModelSide.Network, first.Weights, second.Base, second.Weights, _ => (1, 1));
        return [first with { Weights = [mixed] }];
    }
}
