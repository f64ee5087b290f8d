namespace Lowrank.Graphs;

/// <summary>Samples latents under two prompts.</summary>
sealed class KSampler : GraphNode
{
    public override string ClassType => "KSampler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        WholeInput.Seed("seed"),
        .. NamedSampling.Inputs,
        new NumberInput("denoise", 1, 0, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var sampling = new NamedSampling(run, "seed");
        return [sampling.Run(sampling.Sigmas(run.Number("denoise")), hasNoise: true)];
    }
}
