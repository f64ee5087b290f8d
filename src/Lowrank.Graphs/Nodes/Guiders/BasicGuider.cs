namespace Lowrank.Graphs;

/// <summary>A network that is told one side, without guidance.</summary>
public sealed class BasicGuider : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "BasicGuider";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("model", GraphTypes.Model), NodeInput.Link("conditioning", GraphTypes.Conditioning)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Guider];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [new TwoSidedGuider(run.Get<ModelValue>("model"), run.Get<ConditioningValue>("conditioning"), null, 1)];
}
