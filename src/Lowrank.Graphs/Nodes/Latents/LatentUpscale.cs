namespace Lowrank.Graphs;

/// <summary>Latents at another size, told in pixels; a side of 0 follows the other.</summary>
sealed class LatentUpscale : GraphNode
{
    public override string ClassType => "LatentUpscale";

    public override string Title => "Upscale Latent";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        new ChoiceInput("upscale_method", Scaling.OfLatents),
        WholeInput.LatentPixels("width", 512, 0, Smallest),
        WholeInput.LatentPixels("height", 512, 0, Smallest),
        new ChoiceInput("crop", Scaling.Crops),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var latent = run.Get<LatentValue>("samples");
        int width = run.Whole("width"), height = run.Whole("height");
        if (width == 0 && height == 0) return [latent];
        var (_, _, rows, columns) = latent.Samples.shape;
        if (width == 0) width = (int)Math.Round((double)columns * Math.Max(Smallest, height) / rows);
        else if (height == 0) height = (int)Math.Round((double)rows * Math.Max(Smallest, width) / columns);
        var scaled = Scaling.Scale(latent.Samples, Math.Max(Smallest, width) / 8, Math.Max(Smallest, height) / 8,
            run.Choice("upscale_method"), run.Choice("crop"));
        return [latent with { Samples = scaled }];
    }

    const int Smallest = 64;   // pixels of a side
}
