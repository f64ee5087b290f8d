namespace Lowrank.Graphs;

/// <summary>A mixture of two networks: ratio of the first, the rest of the second.</summary>
sealed class ModelMergeSimple : GraphNode
{
    public override string ClassType => "ModelMergeSimple";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model1", GraphTypes.Model),
        NodeInput.Link("model2", GraphTypes.Model),
        new NumberInput("ratio", 1, 0, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<ModelValue>("model1"), run.Get<ModelValue>("model2"));
        double ratio = run.Number("ratio");
        var mixed = new MixedWeights(ModelSide.Network, first.Weights, second.Base, second.Weights, _ => (ratio, 1 - ratio));
        return [first with { Weights = [mixed] }];
    }
}
