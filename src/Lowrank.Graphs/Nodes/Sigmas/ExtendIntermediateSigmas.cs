namespace Lowrank.Graphs;

/// <summary>Puts further sigmas between those of a stretch.</summary>
sealed class ExtendIntermediateSigmas : GraphNode
{
    public override string ClassType => "ExtendIntermediateSigmas";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("sigmas", GraphTypes.Sigmas),
        new WholeInput("steps", 2, 1, 100),
        new NumberInput("start_at_sigma", -1, -1, 20000, 0.01) { IsRounded = false },
        new NumberInput("end_at_sigma", 12, 0, 20000, 0.01) { IsRounded = false },
        new ChoiceInput("spacing", "linear", "cosine", "sine"),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var sigmas = run.Get<SigmasValue>("sigmas").Sigmas;
        var (start, end) = (run.Number("start_at_sigma"), run.Number("end_at_sigma"));
        if (start < 0) start = double.PositiveInfinity;
        double[] shares = [.. Shares(run.Whole("steps"), run.Choice("spacing"))];
        var extended = new List<float>();
        for (int i = 0; i < sigmas.Count; i++)
        {
            extended.Add(sigmas[i]);
            bool isWithin = i + 1 < sigmas.Count && sigmas[i] >= end && sigmas[i] <= start;
            if (isWithin) extended.AddRange(shares.Select(share => (float)(share * ((double)sigmas[i + 1] - sigmas[i]) + sigmas[i])));
        }
        return [new SigmasValue(extended)];
    }

    // How far between two neighbours.
    static IEnumerable<double> Shares(int steps, string spacing)
    {
        var even = Enumerable.Range(1, steps - 1).Select(i => (double)i / steps);
        return spacing switch
        {
            "cosine" => even.Select(x => Math.Sin(x * Math.PI / 2)),
            "sine" => even.Select(x => 1 - Math.Cos(x * Math.PI / 2)),
            _ => even,
        };
    }
}
