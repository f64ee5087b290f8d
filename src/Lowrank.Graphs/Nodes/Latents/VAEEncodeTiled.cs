namespace Lowrank.Graphs;

/// <summary>Latents of pictures, encoded in tiles.</summary>
/// <remarks>See <see cref="VaeTiles"/>. The two temporal inputs are for video and do nothing here.</remarks>
sealed class VAEEncodeTiled : GraphNode
{
    public override string ClassType => "VAEEncodeTiled";

    public override string Title => "VAE Encode (Tiled)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("pixels", GraphTypes.Image),
        NodeInput.Link("vae", GraphTypes.Vae),
        new WholeInput("tile_size", 512, 64, 4096, 64),
        new WholeInput("overlap", 64, 0, 4096, 32),
        new WholeInput("temporal_size", 64, 8, 4096, 4),
        new WholeInput("temporal_overlap", 8, 4, 4096, 4),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var tiles = new VaeTiles(run.Whole("tile_size"), run.Whole("overlap"));
        return [new LatentValue(run.Get<VaeValue>("vae").Encode(run.Get<ImageValue>("pixels").Pixels, tiles))];
    }
}
