namespace Lowrank.Graphs;

/// <summary>The weighted mean of two prompts; the second one is cut or padded with zeros to the first one's length.</summary>
sealed class ConditioningAverage : GraphNode
{
    public override string ClassType => "ConditioningAverage";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("conditioning_to", GraphTypes.Conditioning),
        NodeInput.Link("conditioning_from", GraphTypes.Conditioning),
        new NumberInput("conditioning_to_strength", 1, 0, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var from = run.Get<ConditioningValue>("conditioning_from");
        ConditioningConcat.OneOf(run, from);
        double share = run.Number("conditioning_to_strength");
        return [run.Get<ConditioningValue>("conditioning_to").Each(to => Mixed(to, from.Conditions[0], share))];
    }

    static Condition Mixed(Condition to, Condition from, double share)
    {
        var pooled = from.Pooled is { } own ? to.Pooled is { } other ? other * share + own * (1 - share) : own : to.Pooled;
        return to with { Tokens = to.Tokens * share + OfLength(from.Tokens, to.Tokens.shape[1]) * (1 - share), Pooled = pooled };
    }

    static Tensor OfLength(Tensor tokens, long length)
    {
        long own = tokens.shape[1];
        return own >= length ? tokens.narrow(1, 0, length) : nn.functional.pad(tokens, [0, 0, 0, length - own]);
    }
}
