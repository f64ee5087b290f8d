namespace Lowrank.Graphs;

/// <summary>Two latents mixed.</summary>
sealed class LatentBlend : GraphNode
{
    public override string ClassType => "LatentBlend";

    public override string Title => "Latent Blend";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples1", GraphTypes.Latent),
        NodeInput.Link("samples2", GraphTypes.Latent),
        new NumberInput("blend_factor", 0.5, 0, 1) { HasWholeBounds = true },
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<LatentValue>("samples1"), run.Get<LatentValue>("samples2").Samples);
        double factor = run.Number("blend_factor");
        bool isSameShape = first.Samples.shape.AsSpan().SequenceEqual(second.shape);
        if (!isSameShape) second = Scaling.Scale(second, first.Samples.shape[3], first.Samples.shape[2], "bicubic", Scaling.Centre);
        return [first with { Samples = first.Samples * factor + second * (1 - factor) }];
    }
}
