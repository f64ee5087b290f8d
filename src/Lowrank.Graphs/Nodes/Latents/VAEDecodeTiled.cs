namespace Lowrank.Graphs;

/// <summary>Pictures of latents, decoded in tiles.</summary>
/// <remarks>See <see cref="VaeTiles"/>.</remarks>
sealed class VAEDecodeTiled : GraphNode
{
    public override string ClassType => "VAEDecodeTiled";

    public override string Title => "VAE Decode (Tiled)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        NodeInput.Link("vae", GraphTypes.Vae),
        .. TileInputs.Of(32),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Image];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var vae = run.Get<VaeValue>("vae");
        int tile = run.Whole("tile_size"), factor = vae.Vae.Value.Config.Factor;
        int overlap = Math.Min(run.Whole("overlap"), tile / 4);
        var tiles = new VaeTiles(tile / factor, overlap / factor);
        return [new ImageValue(vae.Decode(run.Get<LatentValue>("samples").Samples, tiles))];
    }
}
