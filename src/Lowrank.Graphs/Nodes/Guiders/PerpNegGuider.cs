namespace Lowrank.Graphs;

/// <summary>Guidance that takes of the negative side only what stands at a right angle to the positive one.</summary>
/// <remarks>See <see cref="PerpendicularNegative"/>.</remarks>
sealed class PerpNegGuider : GraphNode
{
    public override string ClassType => "PerpNegGuider";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        NodeInput.Link("positive", GraphTypes.Conditioning),
        NodeInput.Link("negative", GraphTypes.Conditioning),
        NodeInput.Link("empty_conditioning", GraphTypes.Conditioning),
        new NumberInput("cfg", 8, 0, 100, 0.1) { Round = 0.01 },
        new NumberInput("neg_scale", 1, 0, 100),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Guider];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (positive, negative) = (run.Get<ConditioningValue>("positive"), run.Get<ConditioningValue>("negative"));
        var empty = run.Get<ConditioningValue>("empty_conditioning");
        var (scale, ofNegative) = (run.Number("cfg"), run.Number("neg_scale"));
        return [new PerpendicularGuider(run.Get<ModelValue>("model"), positive, negative, empty, scale, ofNegative)];
    }
}
