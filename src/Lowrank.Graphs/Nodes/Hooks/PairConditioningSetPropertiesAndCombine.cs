namespace Lowrank.Graphs;

/// <summary>Gives both sides' conditions a mask, hooks and a stretch of the way, and lets them hold beside others.</summary>
sealed class PairConditioningSetPropertiesAndCombine : GraphNode
{
    public override string ClassType => "PairConditioningSetPropertiesAndCombine";

    public override string Title => "Cond Pair Set Props Combine";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("positive", GraphTypes.Conditioning),
        NodeInput.Link("negative", GraphTypes.Conditioning),
        NodeInput.Link("positive_NEW", GraphTypes.Conditioning),
        NodeInput.Link("negative_NEW", GraphTypes.Conditioning),
        new NumberInput("strength", 1, 0, 10),
        new ChoiceInput("set_cond_area", "default", "mask bounds"),
        NodeInput.MaybeLink("mask", GraphTypes.Mask),
        NodeInput.MaybeLink("hooks", GraphTypes.Hooks),
        NodeInput.MaybeLink("timesteps", WayShareValue.Name),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning, GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        return
        [
            ConditionProperties.Beside(run, "positive", ConditionProperties.Set(run, "positive_NEW")),
            ConditionProperties.Beside(run, "negative", ConditionProperties.Set(run, "negative_NEW")),
        ];
    }
}
