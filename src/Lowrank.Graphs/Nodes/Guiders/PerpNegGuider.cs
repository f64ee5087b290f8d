namespace Lowrank.Graphs;

/// <summary>Guidance that takes of the negative side only what stands at a right angle to the positive one.</summary>
/// <remarks>See <see cref="PerpendicularNegative"/>.</remarks>
public sealed class PerpNegGuider : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "PerpNegGuider";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        NodeInput.Link("positive", GraphTypes.Conditioning),
        NodeInput.Link("negative", GraphTypes.Conditioning),
        NodeInput.Link("empty_conditioning", GraphTypes.Conditioning),
        new NumberInput("cfg", 8, 0, 100, 0.1) { Round = 0.01 },
        new NumberInput("neg_scale", 1, 0, 100),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Guider];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (positive, negative) = (run.Get<ConditioningValue>("positive"), run.Get<ConditioningValue>("negative"));
        var empty = run.Get<ConditioningValue>("empty_conditioning");
        return [new PerpendicularGuider(run.Get<ModelValue>("model"), positive, negative, empty, run.Number("cfg"), run.Number("neg_scale"))];
    }
}
