namespace Lowrank.Graphs;

/// <summary>The difference of two latents.</summary>
sealed class LatentSubtract : GraphNode
{
    public override string ClassType => "LatentSubtract";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples1", GraphTypes.Latent),
        NodeInput.Link("samples2", GraphTypes.Latent),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var first = run.Get<LatentValue>("samples1");
        var second = Batches.Fitted(run.Get<LatentValue>("samples2").Samples, first.Samples.shape);
        return [first with { Samples = first.Samples - second }];
    }
}
