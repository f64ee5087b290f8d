namespace Lowrank.Graphs;

/// <summary>DPM++ SDE with its options; its noise is drawn on the CPU, whatever the device.</summary>
sealed class SamplerDPMPP_SDE : GraphNode
{
    public override string ClassType => "SamplerDPMPP_SDE";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new NumberInput("eta", 1, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("s_noise", 1, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("r", 0.5, 0, 100, 0.01) { IsRounded = false },
        ChoiceInput.NoiseDevice(),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var options = new SamplerOptions { Eta = run.Number("eta"), NoiseScale = run.Number("s_noise"), Midpoint = run.Number("r") };
        return [new SamplerValue(ComfySamplers.Create("dpmpp_sde", options))];
    }
}
