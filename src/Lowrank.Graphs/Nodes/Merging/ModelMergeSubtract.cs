namespace Lowrank.Graphs;

/// <summary>The difference of two networks.</summary>
sealed class ModelMergeSubtract : GraphNode
{
    public override string ClassType => "ModelMergeSubtract";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model1", GraphTypes.Model),
        NodeInput.Link("model2", GraphTypes.Model),
        new NumberInput("multiplier", 1, -10, 10),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<ModelValue>("model1"), run.Get<ModelValue>("model2"));
        double multiplier = run.Number("multiplier");
        var mixed = new MixedWeights(ModelSide.Network, first.Weights, second.Base, second.Weights, _ => (multiplier, -multiplier));
        return [first with { Weights = [mixed] }];
    }
}
