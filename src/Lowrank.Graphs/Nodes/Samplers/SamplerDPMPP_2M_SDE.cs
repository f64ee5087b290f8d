namespace Lowrank.Graphs;

/// <summary>DPM++ 2M SDE with its options; its noise is drawn on the CPU, whatever the device.</summary>
sealed class SamplerDPMPP_2M_SDE : GraphNode
{
    public override string ClassType => "SamplerDPMPP_2M_SDE";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new ChoiceInput("solver_type", "midpoint", "heun"),
        new NumberInput("eta", 1, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("s_noise", 1, 0, 100, 0.01) { IsRounded = false },
        ChoiceInput.NoiseDevice(),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        string name = run.Choice("solver_type") == "heun" ? "dpmpp_2m_sde_heun" : "dpmpp_2m_sde";
        var options = new SamplerOptions { Eta = run.Number("eta"), NoiseScale = run.Number("s_noise") };
        return [new SamplerValue(ComfySamplers.Create(name, options))];
    }
}
