namespace Lowrank.Graphs;

/// <summary>Puts the tokens of another prompt behind those of each condition.</summary>
sealed class ConditioningConcat : GraphNode
{
    public override string ClassType => "ConditioningConcat";

    public override string Title => "Conditioning (Concat)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("conditioning_to", GraphTypes.Conditioning), NodeInput.Link("conditioning_from", GraphTypes.Conditioning)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var from = run.Get<ConditioningValue>("conditioning_from");
        OneOf(run, from);
        var behind = from.Conditions[0].Tokens;
        return [run.Get<ConditioningValue>("conditioning_to").Each(to => to with { Tokens = cat([to.Tokens, behind], 1) })];
    }

    /// <summary>Tells that of several conditions the first alone is taken.</summary>
    internal static void OneOf(NodeRun run, ConditioningValue from)
    {
        int count = from.Conditions.Count;
        if (count > 1) run.Note($"of the {count} conditions of conditioning_from the first is taken; {count - 1} are not used.");
    }
}
