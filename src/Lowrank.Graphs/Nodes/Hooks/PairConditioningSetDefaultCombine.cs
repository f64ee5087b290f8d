namespace Lowrank.Graphs;

/// <summary>Lets conditions of both sides hold where the others leave something.</summary>
public sealed class PairConditioningSetDefaultCombine : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "PairConditioningSetDefaultCombine";

    /// <inheritdoc/>
    public override string Title => "Cond Pair Set Default Combine";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("positive", GraphTypes.Conditioning),
        NodeInput.Link("negative", GraphTypes.Conditioning),
        NodeInput.Link("positive_DEFAULT", GraphTypes.Conditioning),
        NodeInput.Link("negative_DEFAULT", GraphTypes.Conditioning),
        NodeInput.MaybeLink("hooks", GraphTypes.Hooks),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning, GraphTypes.Conditioning];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        return
        [
            ConditionProperties.Beside(run, "positive", ConditionProperties.Default(run, "positive_DEFAULT")),
            ConditionProperties.Beside(run, "negative", ConditionProperties.Default(run, "negative_DEFAULT")),
        ];
    }
}
