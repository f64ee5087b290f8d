namespace Lowrank.Graphs;

/// <summary>Lets conditions hold where the others leave something.</summary>
sealed class ConditioningSetDefaultCombine : GraphNode
{
    public override string ClassType => "ConditioningSetDefaultCombine";

    public override string Title => "Cond Set Default Combine";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("cond", GraphTypes.Conditioning),
        NodeInput.Link("cond_DEFAULT", GraphTypes.Conditioning),
        NodeInput.MaybeLink("hooks", GraphTypes.Hooks),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [ConditionProperties.Beside(run, "cond", ConditionProperties.Default(run, "cond_DEFAULT"))];
}
