namespace Lowrank.Graphs;

/// <summary>SA-Solver with its orders, and the stretch on which it draws noise.</summary>
sealed class SamplerSASolver : GraphNode
{
    public override string ClassType => "SamplerSASolver";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        new NumberInput("eta", 1, 0, 10) { IsRounded = false },
        new NumberInput("sde_start_percent", 0.2, 0, 1, 0.001),
        new NumberInput("sde_end_percent", 0.8, 0, 1, 0.001),
        new NumberInput("s_noise", 1, 0, 100, 0.01) { IsRounded = false },
        new WholeInput("predictor_order", 3, 1, 6),
        new WholeInput("corrector_order", 4, 0, 6),
        new FlagInput("use_pece", null),
        new FlagInput("simple_order_2", null),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var options = new SaSolverOptions
        {
            PredictorOrder = run.Whole("predictor_order"),
            CorrectorOrder = run.Whole("corrector_order"),
            EvaluatesCorrected = run.Flag("use_pece"),
            SimpleSecondOrder = run.Flag("simple_order_2"),
            Eta = run.Number("eta"),
            NoiseScale = run.Number("s_noise"),
            From = run.Number("sde_start_percent"),
            To = run.Number("sde_end_percent"),
        };
        return [new SamplerValue(new SaSolverSampler(options))];
    }
}
