namespace Lowrank.Graphs;

/// <summary>The hooks of up to two lists; those of one origin count once.</summary>
sealed class CombineHooks2 : GraphNode
{
    public override string ClassType => "CombineHooks2";

    public override string Title => "Combine Hooks [2]";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.MaybeLink("hooks_A", GraphTypes.Hooks), NodeInput.MaybeLink("hooks_B", GraphTypes.Hooks)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Hooks];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var given = Inputs.Select(input => run.Find<HooksValue>(input.Name)).OfType<HooksValue>();
        return [given.Aggregate(new HooksValue([]), (all, next) => new HooksValue(Hook.Joined(all.Hooks, next.Hooks)))];
    }
}
