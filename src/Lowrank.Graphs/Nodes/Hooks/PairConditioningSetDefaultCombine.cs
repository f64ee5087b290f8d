namespace Lowrank.Graphs;

/// <summary>Lets conditions of both sides hold where the others leave something.</summary>
sealed class PairConditioningSetDefaultCombine : GraphNode
{
    public override string ClassType => "PairConditioningSetDefaultCombine";

    public override string Title => "Cond Pair Set Default Combine";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("positive", GraphTypes.Conditioning),
        NodeInput.Link("negative", GraphTypes.Conditioning),
        NodeInput.Link("positive_DEFAULT", GraphTypes.Conditioning),
        NodeInput.Link("negative_DEFAULT", GraphTypes.Conditioning),
        NodeInput.MaybeLink("hooks", GraphTypes.Hooks),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning, GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        return
        [
            ConditionProperties.Beside(run, "positive", ConditionProperties.Default(run, "positive_DEFAULT")),
            ConditionProperties.Beside(run, "negative", ConditionProperties.Default(run, "negative_DEFAULT")),
        ];
    }
}
