namespace Lowrank.Graphs;

/// <summary>Pictures of latents, decoded in tiles.</summary>
/// <remarks>See <see cref="VaeTiles"/>. The two temporal inputs are for video and do nothing here.</remarks>
sealed class VAEDecodeTiled : GraphNode
{
    public override string ClassType => "VAEDecodeTiled";

    public override string Title => "VAE Decode (Tiled)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        NodeInput.Link("vae", GraphTypes.Vae),
        new WholeInput("tile_size", 512, 64, 4096, 32),
        new WholeInput("overlap", 64, 0, 4096, 32),
        new WholeInput("temporal_size", 64, 8, 4096, 4),
        new WholeInput("temporal_overlap", 8, 4, 4096, 4),
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
