namespace Lowrank.Graphs;

/// <summary>Lets conditions hold in a rectangle alone, given in shares of the picture.</summary>
sealed class ConditioningSetAreaPercentage : GraphNode
{
    public override string ClassType => "ConditioningSetAreaPercentage";

    public override string Title => "Conditioning (Set Area with Percentage)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("conditioning", GraphTypes.Conditioning),
        new NumberInput("width", 1, 0, 1) { HasWholeMin = true },
        new NumberInput("height", 1, 0, 1) { HasWholeMin = true },
        new NumberInput("x", 0, 0, 1) { HasWholeMin = true },
        new NumberInput("y", 0, 0, 1) { HasWholeMin = true },
        new NumberInput("strength", 1, 0, 10),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var area = new ConditionArea(run.Number("height"), run.Number("width"), run.Number("y"), run.Number("x"), IsShare: true);
        double strength = run.Number("strength");
        var conditions = run.Get<ConditioningValue>("conditioning");
        return [conditions.Each(own => own with { Area = area, Strength = strength, WithinMaskBounds = false })];
    }
}
