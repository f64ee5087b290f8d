namespace Lowrank.Graphs;

/// <summary>The sigmas of one of ComfyUI's schedules; of a part of the way the last ones.</summary>
sealed class BasicScheduler : GraphNode
{
    public override string ClassType => "BasicScheduler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        new ChoiceInput("scheduler", [.. ComfySigmas.Names]),
        new WholeInput("steps", 20, 1, 10000),
        new NumberInput("denoise", 1, 0, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var table = run.Get<ModelValue>("model").Sampling.Table;
        return [SigmasValue.Of(ComfySigmas.Basic(run.Choice("scheduler"), table, run.Whole("steps"), run.Number("denoise")))];
    }
}
