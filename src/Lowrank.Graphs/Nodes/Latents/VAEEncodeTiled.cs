namespace Lowrank.Graphs;

/// <summary>Latents of pictures, encoded in tiles.</summary>
/// <remarks>See <see cref="VaeTiles"/>.</remarks>
sealed class VAEEncodeTiled : GraphNode
{
    public override string ClassType => "VAEEncodeTiled";

    public override string Title => "VAE Encode (Tiled)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("pixels", GraphTypes.Image),
        NodeInput.Link("vae", GraphTypes.Vae),
        .. TileInputs.Of(64),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var tiles = new VaeTiles(run.Whole("tile_size"), run.Whole("overlap"));
        return [new LatentValue(run.Get<VaeValue>("vae").Encode(run.Get<ImageValue>("pixels").Pixels, tiles))];
    }
}
