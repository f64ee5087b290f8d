namespace Lowrank.Graphs;

/// <summary>Samples latents under two prompts.</summary>
sealed class KSampler : GraphNode
{
    public override string ClassType => "KSampler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("model", GraphTypes.Model),
        WholeInput.Seed("seed"),
        new WholeInput("steps", 20, 1, 10000),
        new NumberInput("cfg", 8, 0, 100, 0.1) { Round = 0.01 },
        ChoiceInput.Samplers("sampler_name"),
        new ChoiceInput("scheduler", [.. ComfySigmas.Names]),
        NodeInput.Link("positive", GraphTypes.Conditioning),
        NodeInput.Link("negative", GraphTypes.Conditioning),
        NodeInput.Link("latent_image", GraphTypes.Latent),
        new NumberInput("denoise", 1, 0, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var sampling = new NamedSampling(run, "seed");
        return [sampling.Run(sampling.Sigmas(run.Number("denoise")), hasNoise: true)];
    }
}
