namespace Lowrank.Graphs;

/// <summary>Lets conditions hold where the others leave something.</summary>
public sealed class ConditioningSetDefaultCombine : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "ConditioningSetDefaultCombine";

    /// <inheritdoc/>
    public override string Title => "Cond Set Default Combine";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("cond", GraphTypes.Conditioning),
        NodeInput.Link("cond_DEFAULT", GraphTypes.Conditioning),
        NodeInput.MaybeLink("hooks", GraphTypes.Hooks),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [ConditionProperties.Beside(run, "cond", ConditionProperties.Default(run, "cond_DEFAULT"))];
}
