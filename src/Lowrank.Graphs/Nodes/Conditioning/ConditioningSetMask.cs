namespace Lowrank.Graphs;

/// <summary>Lets conditions hold where a mask is white, as strongly as it is.</summary>
sealed class ConditioningSetMask : GraphNode
{
    public override string ClassType => "ConditioningSetMask";

    public override string Title => "Conditioning (Set Mask)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("conditioning", GraphTypes.Conditioning),
        NodeInput.Link("mask", GraphTypes.Mask),
        new NumberInput("strength", 1, 0, 10),
        new ChoiceInput("set_cond_area", "default", "mask bounds"),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var mask = run.Get<MaskValue>("mask").Mask;
        double strength = run.Number("strength");
        bool isBounded = run.Choice("set_cond_area") != "default";
        var conditions = run.Get<ConditioningValue>("conditioning");
        return [conditions.Each(own => own with { Mask = mask, MaskStrength = strength, WithinMaskBounds = isBounded })];
    }
}
