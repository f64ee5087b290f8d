namespace Lowrank.Graphs;

/// <summary>Euler ancestral of the CFG++ kind with its options.</summary>
public sealed class SamplerEulerAncestralCFGPP : GraphNode
{
    /// <inheritdoc/>
    public override string ClassType => "SamplerEulerAncestralCFGPP";

    /// <inheritdoc/>
    public override string Title => "SamplerEulerAncestralCFG++";

    /// <inheritdoc/>
    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new NumberInput("eta", 1, 0, 1, 0.01) { IsRounded = false },
        new NumberInput("s_noise", 1, 0, 10, 0.01) { IsRounded = false },
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var options = new SamplerOptions { Eta = run.Number("eta"), NoiseScale = run.Number("s_noise") };
        return [new SamplerValue(ComfySamplers.Create("euler_ancestral_cfg_pp", options))];
    }
}
