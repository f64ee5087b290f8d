namespace Lowrank.Graphs;

/// <summary>Gives both sides' conditions a mask, hooks and a stretch of the way.</summary>
sealed class PairConditioningSetProperties : GraphNode
{
    public override string ClassType => "PairConditioningSetProperties";

    public override string Title => "Cond Pair Set Props";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("positive_NEW", GraphTypes.Conditioning),
        NodeInput.Link("negative_NEW", GraphTypes.Conditioning),
        new NumberInput("strength", 1, 0, 10),
        new ChoiceInput("set_cond_area", "default", "mask bounds"),
        NodeInput.MaybeLink("mask", GraphTypes.Mask),
        NodeInput.MaybeLink("hooks", GraphTypes.Hooks),
        NodeInput.MaybeLink("timesteps", WayShareValue.Name),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning, GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [ConditionProperties.Set(run, "positive_NEW"), ConditionProperties.Set(run, "negative_NEW")];
}
