namespace Lowrank.Graphs;

/// <summary>The hooks of up to two lists; those of one origin count once.</summary>
public sealed class CombineHooks2 : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "CombineHooks2";

    /// <inheritdoc/>
    public override string Title => "Combine Hooks [2]";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.MaybeLink("hooks_A", GraphTypes.Hooks), NodeInput.MaybeLink("hooks_B", GraphTypes.Hooks)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Hooks];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var given = Inputs.Select(input => run.Find<HooksValue>(input.Name)).OfType<HooksValue>();
        return [given.Aggregate(new HooksValue([]), (all, next) => new HooksValue(Hook.Joined(all.Hooks, next.Hooks)))];
    }
}
