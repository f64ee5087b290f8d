namespace Lowrank.Graphs;

/// <summary>Guidance by two positive sides and a negative one.</summary>
sealed class DualCFGGuider : GraphNode
{
    public override string ClassType => "DualCFGGuider";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        NodeInput.Link("cond1", GraphTypes.Conditioning),
        NodeInput.Link("cond2", GraphTypes.Conditioning),
        NodeInput.Link("negative", GraphTypes.Conditioning),
        new NumberInput("cfg_conds", 8, 0, 100, 0.1) { Round = 0.01 },
        new NumberInput("cfg_cond2_negative", 8, 0, 100, 0.1) { Round = 0.01 },
        new ChoiceInput("style", "regular", "nested"),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Guider];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<ConditioningValue>("cond1"), run.Get<ConditioningValue>("cond2"));
        bool isNested = run.Choice("style") == "nested";
        return
        [
            new DualGuider(run.Get<ModelValue>("model"), first, second, run.Get<ConditioningValue>("negative"), run.Number("cfg_conds"),
                run.Number("cfg_cond2_negative"), isNested),
        ];
    }
}
