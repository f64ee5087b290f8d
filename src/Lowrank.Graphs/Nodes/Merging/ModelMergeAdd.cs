namespace Lowrank.Graphs;

/// <summary>The sum of two networks, the second mostly a difference.</summary>
public sealed class ModelMergeAdd : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "ModelMergeAdd";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("model1", GraphTypes.Model), NodeInput.Link("model2", GraphTypes.Model)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Model];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<ModelValue>("model1"), run.Get<ModelValue>("model2"));
        var mixed = new MixedWeights(ModelSide.Network, first.Weights, second.Base, second.Weights, _ => (1, 1));
        return [first with { Weights = [mixed] }];
    }
}
