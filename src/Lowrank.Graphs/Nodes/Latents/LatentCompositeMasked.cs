namespace Lowrank.Graphs;

/// <summary>One latent laid on another through a mask; places are told in pixels.</summary>
sealed class LatentCompositeMasked : GraphNode
{
    public override string ClassType => "LatentCompositeMasked";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("destination", GraphTypes.Latent),
        NodeInput.Link("source", GraphTypes.Latent),
        WholeInput.LatentPixels("x", 0, 0),
        WholeInput.LatentPixels("y", 0, 0),
        new FlagInput("resize_source", false),
        NodeInput.MaybeLink("mask", GraphTypes.Mask),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (ground, laid) = (run.Get<LatentValue>("destination"), run.Get<LatentValue>("source"));
        var made = Composite.Lay(ground.Samples, laid.Samples, run.Whole("x") / 8, run.Whole("y") / 8,
            run.Find<MaskValue>("mask")?.Mask, run.Flag("resize_source"));
        return [ground with { Samples = made }];
    }
}
