namespace Lowrank.Graphs;

/// <summary>A rectangle of latents, told in pixels; it begins where at least 8 latent pixels are left.</summary>
sealed class LatentCrop : GraphNode
{
    public override string ClassType => "LatentCrop";

    public override string Title => "Crop Latent";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        WholeInput.LatentPixels("width", 512, 64),
        WholeInput.LatentPixels("height", 512, 64),
        WholeInput.LatentPixels("x", 0, 0),
        WholeInput.LatentPixels("y", 0, 0),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var latent = run.Get<LatentValue>("samples");
        var (_, _, height, width) = latent.Samples.shape;
        long left = Math.Max(0, Math.Min(run.Whole("x") / 8, width - Smallest));
        long top = Math.Max(0, Math.Min(run.Whole("y") / 8, height - Smallest));
        var cut = latent.Samples.Cut(2, top, top + run.Whole("height") / 8).Cut(3, left, left + run.Whole("width") / 8);
        return [latent with { Samples = cut.clone() }];
    }

    const int Smallest = 8;   // latent pixels
}
