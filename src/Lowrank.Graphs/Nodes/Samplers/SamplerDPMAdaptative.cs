namespace Lowrank.Graphs;

/// <summary>DPM adaptive with its tolerances.</summary>
sealed class SamplerDPMAdaptative : GraphNode
{
    public override string ClassType => "SamplerDPMAdaptative";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new WholeInput("order", 3, 2, 3),
        new NumberInput("rtol", 0.05, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("atol", 0.0078, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("h_init", 0.05, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("pcoeff", 0, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("icoeff", 1, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("dcoeff", 0, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("accept_safety", 0.81, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("eta", 0, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("s_noise", 1, 0, 100, 0.01) { IsRounded = false },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var adaptive = new DpmAdaptiveOptions
        {
            Order = run.Whole("order"),
            RelativeTolerance = run.Number("rtol"),
            AbsoluteTolerance = run.Number("atol"),
            FirstLength = run.Number("h_init"),
            Proportional = run.Number("pcoeff"),
            Integral = run.Number("icoeff"),
            Derivative = run.Number("dcoeff"),
            AcceptSafety = run.Number("accept_safety"),
            Eta = run.Number("eta"),
            NoiseScale = run.Number("s_noise"),
        };
        return [new SamplerValue(ComfySamplers.Create("dpm_adaptive", new SamplerOptions { Adaptive = adaptive }))];
    }
}
