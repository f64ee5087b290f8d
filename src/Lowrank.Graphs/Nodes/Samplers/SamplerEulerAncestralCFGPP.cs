namespace Lowrank.Graphs;

/// <summary>Euler ancestral of the CFG++ kind with its options.</summary>
sealed class SamplerEulerAncestralCFGPP : GraphNode
{
    public override string ClassType => "SamplerEulerAncestralCFGPP";

    public override string Title => "SamplerEulerAncestralCFG++";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new NumberInput("eta", 1, 0, 1, 0.01) { IsRounded = false },
        new NumberInput("s_noise", 1, 0, 10, 0.01) { IsRounded = false },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var options = new SamplerOptions { Eta = run.Number("eta"), NoiseScale = run.Number("s_noise") };
        return [new SamplerValue(ComfySamplers.Create("euler_ancestral_cfg_pp", options))];
    }
}
