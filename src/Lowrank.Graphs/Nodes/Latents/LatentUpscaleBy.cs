namespace Lowrank.Graphs;

/// <summary>Latents scaled by a factor.</summary>
sealed class LatentUpscaleBy : GraphNode
{
    public override string ClassType => "LatentUpscaleBy";

    public override string Title => "Upscale Latent By";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples", GraphTypes.Latent),
        new ChoiceInput("upscale_method", Scaling.OfLatents),
        new NumberInput("scale_by", 1.5, 0.01, 8),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var latent = run.Get<LatentValue>("samples");
        var (_, _, height, width) = latent.Samples.shape;
        double factor = run.Number("scale_by");
        long newWidth = (long)Math.Round(width * factor), newHeight = (long)Math.Round(height * factor);
        var scaled = Scaling.Scale(latent.Samples, newWidth, newHeight, run.Choice("upscale_method"));
        return [latent with { Samples = scaled }];
    }
}
