namespace Lowrank.Graphs;

/// <summary>Lets conditions hold where a mask is white, as strongly as it is.</summary>
public sealed class ConditioningSetMask : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "ConditioningSetMask";

    /// <inheritdoc/>
    public override string Title => "Conditioning (Set Mask)";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("conditioning", GraphTypes.Conditioning),
        NodeInput.Link("mask", GraphTypes.Mask),
        new NumberInput("strength", 1, 0, 10),
        new ChoiceInput("set_cond_area", "default", "mask bounds"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var mask = run.Get<MaskValue>("mask").Mask;
        double strength = run.Number("strength");
        bool isBounded = run.Choice("set_cond_area") != "default";
        return
        [
            run.Get<ConditioningValue>("conditioning").Each(own => own with { Mask = mask, MaskStrength = strength, WithinMaskBounds = isBounded }),
        ];
    }
}
