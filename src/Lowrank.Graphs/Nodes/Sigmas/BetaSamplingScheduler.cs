namespace Lowrank.Graphs;

/// <summary>Sigmas at times that are the quantiles of a beta distribution; times that fall together count once.</summary>
sealed class BetaSamplingScheduler : GraphNode
{
    public override string ClassType => "BetaSamplingScheduler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        new WholeInput("steps", 20, 1, 10000),
        new NumberInput("alpha", 0.6, 0, 50, 0.01) { IsRounded = false },
        new NumberInput("beta", 0.6, 0, 50, 0.01) { IsRounded = false },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var table = run.Get<ModelValue>("model").Sampling.Table;
        int steps = run.Whole("steps");
        var (alpha, beta) = (run.Number("alpha"), run.Number("beta"));
        var times = Enumerable.Range(0, steps)
            .Select(i => (int)Math.Round(BetaDistribution.Quantile(1 - (double)i / steps, alpha, beta) * (table.Sigmas.Count - 1)));
        return [new SigmasValue(ComfySchedules.Rounded(times.Distinct().Select(time => table.Sigmas[time]).Append(0)))];
    }
}
