using System.Numerics;

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

    // As ComfyUI has it, which does not say so.
    static int Most(int tile) => tile / 4;

    static int? Written(PlacedNode node, string name) => node.Inputs.GetValueOrDefault(name) is BigInteger number ? (int)number : null;

    public override IEnumerable<string> Remarks(PlacedNode node, OutputUse use)
    {
        foreach (string remark in base.Remarks(node, use)) yield return remark;
        if (Written(node, "tile_size") is not { } tile || Written(node, "overlap") is not { } overlap) yield break;
        if (overlap > Most(tile)) yield return $"overlap {overlap} is taken as {Most(tile)}: tiles of {tile} overlap by a quarter at most.";
    }

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var vae = run.Get<VaeValue>("vae");
        int tile = run.Whole("tile_size"), factor = vae.Vae.Value.Config.Factor;
        int overlap = Math.Min(run.Whole("overlap"), Most(tile));
        var tiles = new VaeTiles(tile / factor, overlap / factor);
        return [new ImageValue(vae.Decode(run.Get<LatentValue>("samples").Samples, tiles))];
    }
}
