namespace Lowrank.Graphs;

/// <summary>A network that is told one side, without guidance.</summary>
sealed class BasicGuider : GraphNode
{
    public override string ClassType => "BasicGuider";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("model", GraphTypes.Model), NodeInput.Link("conditioning", GraphTypes.Conditioning)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Guider];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [new TwoSidedGuider(run.Get<ModelValue>("model"), run.Get<ConditioningValue>("conditioning"), null, 1)];
}
