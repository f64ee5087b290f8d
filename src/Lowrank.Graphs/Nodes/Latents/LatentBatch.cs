namespace Lowrank.Graphs;

/// <summary>Two batches in one; the second takes the first one's size.</summary>
sealed class LatentBatch : GraphNode
{
    public override string ClassType => "LatentBatch";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("samples1", GraphTypes.Latent),
        NodeInput.Link("samples2", GraphTypes.Latent),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var (first, second) = (run.Get<LatentValue>("samples1"), run.Get<LatentValue>("samples2"));
        var fitted = Batches.Sized(second.Samples, first.Samples.shape);
        return [first with { Samples = cat([first.Samples, fitted], 0), BatchIndex = [.. Places(first), .. Places(second)] }];
    }

    static IEnumerable<int> Places(LatentValue latent) => latent.BatchIndex ?? [.. Enumerable.Range(0, (int)latent.Samples.shape[0])];
}
