namespace Lowrank.Graphs;

/// <summary>The hooks of several lists; those of one origin count once.</summary>
/// <param name="lists">How many lists it takes at most.</param>
sealed class CombineHooks(int lists) : GraphNode
{
    public override string ClassType => $"CombineHooks{lists}";

    public override string Title => $"Combine Hooks [{lists}]";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [.. Enumerable.Range(0, lists).Select(i => NodeInput.MaybeLink($"hooks_{(char)('A' + i)}", GraphTypes.Hooks))];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Hooks];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var given = Inputs.Select(input => run.Find<HooksValue>(input.Name)).OfType<HooksValue>();
        return [given.Aggregate(new HooksValue([]), (all, next) => new HooksValue(Hook.Joined(all.Hooks, next.Hooks)))];
    }
}
