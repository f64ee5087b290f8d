namespace Lowrank.Graphs;

/// <summary>The hooks of up to four lists; those of one origin count once.</summary>
sealed class CombineHooks4 : GraphNode
{
    public override string ClassType => "CombineHooks4";

    public override string Title => "Combine Hooks [4]";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.MaybeLink("hooks_A", GraphTypes.Hooks),
        NodeInput.MaybeLink("hooks_B", GraphTypes.Hooks),
        NodeInput.MaybeLink("hooks_C", GraphTypes.Hooks),
        NodeInput.MaybeLink("hooks_D", GraphTypes.Hooks),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Hooks];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var given = Inputs.Select(input => run.Find<HooksValue>(input.Name)).OfType<HooksValue>();
        return [given.Aggregate(new HooksValue([]), (all, next) => new HooksValue(Hook.Joined(all.Hooks, next.Hooks)))];
    }
}
