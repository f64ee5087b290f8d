namespace Lowrank.Graphs;

/// <summary>Euler ancestral with its options.</summary>
sealed class SamplerEulerAncestral : GraphNode
{
    public override string ClassType => "SamplerEulerAncestral";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new NumberInput("eta", 1, 0, 100, 0.01) { IsRounded = false },
        new NumberInput("s_noise", 1, 0, 100, 0.01) { IsRounded = false },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sampler];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var options = new SamplerOptions { Eta = run.Number("eta"), NoiseScale = run.Number("s_noise") };
        return [new SamplerValue(ComfySamplers.Create("euler_ancestral", options))];
    }
}
