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
        int first = 10 - (int)(10 * run.Number("denoise"));
        var times = Enumerable.Range(1, 10).Reverse().Select(i => i * 100 - 1).Skip(first).Take(run.Whole("steps"));
        double stride = 1000.0 / table.Sigmas.Count;   // a distilled network knows every so manieth time
        return [new SigmasValue(ComfySchedules.Rounded(times.Select(time => table.AtTimestep((time - (stride - 1)) / stride)).Append(0)))];
    }
}
