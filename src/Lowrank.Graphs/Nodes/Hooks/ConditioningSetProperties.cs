namespace Lowrank.Graphs;

/// <summary>Gives conditions a mask, hooks and a stretch of the way.</summary>
sealed class ConditioningSetProperties : GraphNode
{
    public override string ClassType => "ConditioningSetProperties";

    public override string Title => "Cond Set Props";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("cond_NEW", GraphTypes.Conditioning),
        new NumberInput("strength", 1, 0, 10),
        new ChoiceInput("set_cond_area", "default", "mask bounds"),
        NodeInput.MaybeLink("mask", GraphTypes.Mask),
        NodeInput.MaybeLink("hooks", GraphTypes.Hooks),
        NodeInput.MaybeLink("timesteps", WayShareValue.Name),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) => [ConditionProperties.Set(run, "cond_NEW")];
}
