namespace Lowrank.Graphs;

/// <summary>Classifier-free guidance.</summary>
sealed class CFGGuider : GraphNode
{
    public override string ClassType => "CFGGuider";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        NodeInput.Link("positive", GraphTypes.Conditioning),
        NodeInput.Link("negative", GraphTypes.Conditioning),
        new NumberInput("cfg", 8, 0, 100, 0.1) { Round = 0.01 },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Guider];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (positive, negative) = (run.Get<ConditioningValue>("positive"), run.Get<ConditioningValue>("negative"));
        return [new TwoSidedGuider(run.Get<ModelValue>("model"), positive, negative, run.Number("cfg"))];
    }
}
