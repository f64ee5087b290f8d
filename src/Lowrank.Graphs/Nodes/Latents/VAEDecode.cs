namespace Lowrank.Graphs;

/// <summary>Pictures of latents.</summary>
sealed class VAEDecode : GraphNode
{
    public override string ClassType => "VAEDecode";

    public override string Title => "VAE Decode";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        NodeInput.Link("vae", GraphTypes.Vae),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [new ImageValue(run.Get<VaeValue>("vae").Decode(run.Get<LatentValue>("samples").Samples))];
}
