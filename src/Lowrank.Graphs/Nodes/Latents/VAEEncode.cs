namespace Lowrank.Graphs;

/// <summary>Latents of pictures: the mean, nothing is drawn.</summary>
sealed class VAEEncode : GraphNode
{
    public override string ClassType => "VAEEncode";

    public override string Title => "VAE Encode";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("pixels", GraphTypes.Image),
        NodeInput.Link("vae", GraphTypes.Vae),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run) =>
        [new LatentValue(run.Get<VaeValue>("vae").Encode(run.Get<ImageValue>("pixels").Pixels))];
}
