namespace Lowrank.Graphs;

/// <summary>The sigmas of SD-Turbo's ten times 999, 899, ..; of a part of the way those after the first ones.</summary>
sealed class SDTurboScheduler : GraphNode
{
    public override string ClassType => "SDTurboScheduler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        new WholeInput("steps", 1, 1, 10),
        new NumberInput("denoise", 1, 0, 1) { HasWholeMin = true },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var table = run.Get<ModelValue>("model").Sampling.Table;
        return [SigmasValue.Of(ComfySigmas.Turbo(table, run.Whole("steps"), run.Number("denoise")))];
    }
}
